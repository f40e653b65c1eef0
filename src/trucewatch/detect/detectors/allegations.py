"""What a party says happened at a place."""

from __future__ import annotations

from trucewatch.collect.observation import Observation, Statement
from trucewatch.detect.detection import Channel, Detection, Evidence
from trucewatch.detect.select import in_order, sources, watched
from trucewatch.detect.strength import LOG10_PARTY_CAP
from trucewatch.detect.told import Telling, is_of_party, tellings
from trucewatch.place import where_prec


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per act and place a party alleges or admits."""
    return in_order(
        _detection(one, said, told, evidence)
        for one, said in watched(evidence, Statement)
        if is_of_party(one)
        for told in tellings(one, said)
    )


def _detection(
    one: Observation, said: Statement, told: Telling, evidence: Evidence
) -> Detection:
    return Detection(
        detector="allegations",
        channel=Channel.PARTY,
        acts=told.acts,
        units=told.units,
        place=told.place,
        time=told.time,
        log10_likelihood_ratio=LOG10_PARTY_CAP,
        independence=one.independence,
        claimed_by=said.speaker,
        against=told.against,
        place_prec=where_prec(told.place),
        admits=told.admits,
        made_known=told.made_known,
        derived_from=sources(evidence, [one.id]),
    )
