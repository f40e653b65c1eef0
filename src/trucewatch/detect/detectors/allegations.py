"""What a party says happened at a place."""

from __future__ import annotations

from trucewatch.collect.observation import Observation, Statement, StatementKind
from trucewatch.detect.detection import Channel, Detection, Evidence
from trucewatch.detect.select import in_order, shares, sources, watched, weighted
from trucewatch.detect.strength import LOG10_PARTY_CAP
from trucewatch.place import Place, where_prec

LONGEST_S = 36 * 3600.0  # a tally over more than a day and a half is no incident
CLAIMING = (StatementKind.ALLEGATION, StatementKind.ADMISSION)


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per allegation or admission with a place and a day.

    Tallies without a place, or over a longer time, stay statements: nobody could
    ever check them against a point.
    """
    return in_order(
        _detection(one, said, evidence)
        for one, said in watched(evidence, Statement)
        if said.kind in CLAIMING
        and isinstance(one.place, Place)
        and one.phenomenon_time.duration_s <= LONGEST_S
    )


def _detection(one: Observation, said: Statement, evidence: Evidence) -> Detection:
    counts = [figure.units for figure in said.figures if not figure.at_least]
    acts = {figure.act: 0.0 for figure in said.figures}
    for figure in said.figures:
        acts[figure.act] += figure.units
    return Detection(
        detector="allegations",
        channel=Channel.PARTY,
        acts=weighted(acts) if acts else shares(()),
        units=said.total if said.total is not None else sum(counts) or None,
        place=one.place,
        time=one.phenomenon_time,
        log10_likelihood_ratio=LOG10_PARTY_CAP,
        independence=one.independence,
        claimed_by=said.speaker,
        against=said.against,
        place_prec=where_prec(one.place),
        derived_from=sources(evidence, [one.id]),
    )
