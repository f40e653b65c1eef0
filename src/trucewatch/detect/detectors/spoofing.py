"""False broadcasts, and interference with satellite navigation.

1. identities against which signs of forgery weigh enough; their places say nothing
2. stretches in which a receiver lost its fix or its vehicle's trust, or itself tells
   interference

Neither says who did it, or from where.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.tracks import Mark
from trucewatch.detect.detection import Channel, Detection, Evidence
from trucewatch.detect.forged import Forged, forged
from trucewatch.detect.select import in_order, shares, sources
from trucewatch.detect.trajectory import SECOND_NS, Trajectories, families
from trucewatch.place import Place, Unlocated, Whereabouts, where_prec
from trucewatch.record import RecordId

# Expert judgement, not fitted. A fix is lost behind houses and in turns as well.
LOG10_TOLD = 2.0
LOG10_LOST = 0.5
LEAST_S = 10.0
# How fast a thing without a fix may leave the place it last told.
DRIFT_MPS = 30.0
# Messages cited of one stretch; the others stand between them in the same tables.
MOST_CITED = 64

# Aircraft lose their fixes together: detector ``jamming`` asks them all at once.
_ASKED_TOGETHER = ("adsb",)
_LOST = Mark.GNSS_WITHOUT_FIX | Mark.GNSS_DOUBTED
_TOLD = Mark.GNSS_JAMMING_TOLD | Mark.GNSS_SPOOFING_TOLD


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per false identity, one per stretch of interference."""
    return in_order(_found(evidence))


def _found(evidence: Evidence) -> Iterator[Detection]:
    for tracks in families(evidence):
        for one in forged(tracks):
            yield _false(tracks, one, evidence)
        if tracks.family in _ASKED_TOGETHER:
            continue
        for _, rows in tracks.runs():
            yield from _interference(tracks, rows, evidence)


def _false(tracks: Trajectories, one: Forged, evidence: Evidence) -> Detection:
    first, last = one.rows.start, one.rows.stop - 1
    names = _named(tracks, first, last)
    return Detection(
        detector="spoofing",
        channel=Channel.INSTRUMENT,
        acts=shares([Act.OBSTRUCTION]),
        units=None,
        place=Unlocated(),
        time=tracks.period(first, last),
        log10_likelihood_ratio=one.log10_ratio,
        independence=f"spoofing:{tracks.family}",
        derived_from=sources(evidence, names),
    )


def _interference(
    tracks: Trajectories, rows: slice, evidence: Evidence
) -> Iterator[Detection]:
    """Stretches of bad reports after a good one, long enough to mean something."""
    marks = tracks.points.marks[rows]
    bad = (marks & (_LOST | _TOLD)) > 0
    edges = np.flatnonzero(np.diff(np.concatenate(([False], bad, [False])))).tolist()
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        first, last = rows.start + begin, rows.start + end - 1
        told = bool((marks[begin:end] & _TOLD > 0).any())
        lasted_ns = tracks.points.begin_ns[last] - tracks.points.begin_ns[first]
        had_fix = begin > 0
        if lasted_ns >= LEAST_S * SECOND_NS and (told or had_fix):
            place = _where(tracks, rows.start, first, float(lasted_ns) / SECOND_NS)
            yield Detection(
                detector="spoofing",
                channel=Channel.INSTRUMENT,
                acts=shares([Act.JAMMING]),
                units=None,
                place=place,
                time=tracks.period(first, last),
                log10_likelihood_ratio=LOG10_TOLD if told else LOG10_LOST,
                independence=f"gnss:{tracks.points.identity[first]}",
                place_prec=where_prec(place),
                derived_from=sources(evidence, _named(tracks, first, last)),
            )


def _named(tracks: Trajectories, first: int, last: int) -> list[RecordId]:
    """The first messages of a stretch and its last; all where they are few."""
    rows = [*range(first, min(last, first + MOST_CITED)), last]
    return [tracks.row(at) for at in rows]


def _where(
    tracks: Trajectories, start: int, first: int, lasted_s: float
) -> Whereabouts:
    """Around the last place told before; nowhere where none was told or kept."""
    before = np.flatnonzero(tracks.points.placed[start:first])
    if not before.size:
        return Unlocated()
    last = tracks.place(start + int(before[-1]))
    radius = last.semi_major_m + DRIFT_MPS * lasted_s
    return Place.circle(last.lat_deg, last.lon_deg, radius)
