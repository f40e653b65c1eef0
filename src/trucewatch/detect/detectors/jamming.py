"""Satellite navigation denied over an area, as aircraft that crossed it tell.

It says neither who did it nor from where: the cause may lie hundreds of kilometres off.
"""

from __future__ import annotations

from collections.abc import Iterator

from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.denied import Denied, denied
from trucewatch.detect.detection import Channel, Detection, Evidence
from trucewatch.detect.select import in_order, shares, sources
from trucewatch.detect.trajectory import Trajectories, families
from trucewatch.place import where_prec

# Expert judgement, not fitted. Bounded, however many aircraft: a satellite's fault, a
# storm of the sun or a notified exercise shows in all of them at once.
LOG10_EACH = 0.25
LOG10_MOST = 1.0
# Rows cited; the others stand in the same tables.
MOST_CITED = 64

FAMILY = "adsb"


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per area and unbroken time in which accuracy was lost."""
    return in_order(_found(evidence))


def _found(evidence: Evidence) -> Iterator[Detection]:
    for tracks in families(evidence):
        if tracks.family == FAMILY:
            for one in denied(tracks):
                yield _detection(tracks, one, evidence)


def _detection(tracks: Trajectories, one: Denied, evidence: Evidence) -> Detection:
    cited = sorted({*one.rows[: MOST_CITED - 1], one.rows[-1]})
    return Detection(
        detector="jamming",
        channel=Channel.INSTRUMENT,
        acts=shares([Act.JAMMING]),
        units=None,
        place=one.place,
        time=tracks.period(one.rows[0], one.rows[-1]),
        log10_likelihood_ratio=min(LOG10_MOST, LOG10_EACH * one.aircraft),
        independence=f"gnss:{tracks.family}",
        place_prec=where_prec(one.place),
        derived_from=sources(evidence, [tracks.row(at) for at in cited]),
    )
