"""Things that moved where the terms ask about them, to and fro, or out of hearing.

1. identities whose broadcasts look false are left to detector ``spoofing``
2. a pass through ground where a clause prohibits the act is a detection, with the place
   most probably inside; how probable that is, the grade asks again
3. a silence where reception is proven is a detection; elsewhere nothing is said
4. loitering is context: it bears on no point and adds no weight
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.agreement.terms import version_at
from trucewatch.detect.detection import Channel, Detection, Evidence
from trucewatch.detect.forged import forged
from trucewatch.detect.passes import Stretch, act_of, dark, entries, loitering
from trucewatch.detect.select import in_order, shares, sources
from trucewatch.detect.strength import days, log10_ratio, spread_km2
from trucewatch.detect.trajectory import Trajectories, families
from trucewatch.place import where_prec

# That a thing with a transponder says where it is, and false passes per km2 and day,
# by faults and careless set-ups. Expert judgement, not fitted.
P_TOLD = 0.9
LOG10_FALSE_PER_KM2_DAY = -7.0
# A silence has causes besides a will to hide, such as faults: expert judgement, one in
# ten at most is meant.
LOG10_DARK_MOST = 1.0
LOG10_DARK_LEAST = 0.5  # below, poor reception explains it about as well


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per pass, per hour of loitering and per silence."""
    return in_order(_found(evidence))


def _found(evidence: Evidence) -> Iterator[Detection]:
    for every in families(evidence):
        false = [one.identity for one in forged(every)]
        tracks = every.taken(~np.isin(every.points.identity, false))
        if evidence.terms:
            terms = version_at(evidence.terms, evidence.watched.begin)
            for one in entries(tracks, terms):
                act = act_of(tracks.family)
                yield _detection(tracks, one, evidence, act, _told(tracks, one))
        for one in loitering(tracks):
            yield _detection(tracks, one, evidence, Act.MOVEMENT, 0.0)
        for each in dark(tracks):
            log10 = min(each.log10_ratio, LOG10_DARK_MOST)
            if log10 >= LOG10_DARK_LEAST:
                act = Act.WITHHELD_INFORMATION
                yield _detection(tracks, each.where, evidence, act, log10)


def _told(tracks: Trajectories, one: Stretch) -> float:
    """Log10 likelihood ratio of a pass, against false ones at its place and time."""
    volume = spread_km2(tracks.place(one.best))
    volume *= days(tracks.period(one.first, one.last))
    return log10_ratio(P_TOLD, LOG10_FALSE_PER_KM2_DAY, volume)


def _detection(
    tracks: Trajectories,
    one: Stretch,
    evidence: Evidence,
    act: Act,
    log10_ratio: float,
) -> Detection:
    place = tracks.place(one.best)
    rows = sorted({one.first, one.best, one.last})
    return Detection(
        detector="tracks",
        channel=Channel.INSTRUMENT if log10_ratio else Channel.CONTEXT,
        acts=shares([act]),
        units=None,
        place=place,
        time=tracks.period(one.first, one.last),
        log10_likelihood_ratio=log10_ratio,
        independence=f"{tracks.family}:{one.identity}",
        place_prec=where_prec(place),
        derived_from=sources(evidence, [tracks.row(at) for at in rows]),
    )
