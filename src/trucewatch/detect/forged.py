"""Signs that a broadcast was not sent by the thing it names.

None of them proves who sent it, or from where: the place in a false broadcast says
nothing, and so these signs have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from trucewatch.collect.tracks import Mark, TrackPoints
from trucewatch.detect.trajectory import SECOND_NS, Trajectories, steps_m

# Everything below is expert judgement, not fitted (docs/tracks.md).

# Log10 of how much oftener a sign is seen of a false broadcast than of a true one.
LOG10_OF_SIGN = {
    "stands_while_moving": 2.0,
    "counter_stands": 0.5,
    "clock_is_calendar": 1.5,
    "clock_jumps": 1.0,
    "shared_counter": 2.0,
    "coarse_places": 1.5,
    "impossible_speed": 2.0,
}
# A broadcast is taken as false from here on.
LOG10_FORGED = 2.0
LOG10_MOST = 3.0

LEAST_MESSAGES = 2
# A place that does not change for so long although the thing moves. A receiver of
# satellites fixes once a second at least, and a message may be a second old (ASTM
# F3411-22a, 5.4.5): within two seconds a true place may repeat, later it may not.
STANDS_S = 2.0
# Slower is within the error of a receiver's speed, and of hovering in gusts.
MOVES_MPS = 2.0
BEYOND_RADII = 1.0  # it must have moved farther than its own error
# One radio that poses as many counts on: steps this small between two names. Two radios
# that count for themselves come so near by chance once in 64 times (64 of 4096), four
# times in five of three changes or more once in ten thousand.
LINK_STEP = 64
LINK_MODULUS = 4_096  # IEEE 802.11, sequence numbers of 12 bits
LINK_WITHIN_S = 5.0
LEAST_CHANGES = 3
SHARE = 0.8
CLOCK_SHARE = 0.1
# Places on whole hundredths of a degree, 1 km: a true one lies there by chance twice in
# a thousand times per coordinate, and protocols tell places to 1e-7 degree.
GRID_PER_DEG = 100
GRID_TOLERANCE_DEG = 1e-5
# Faster than anything of its kind, its error allowed for. Sources: fastest ferries 30
# m/s; airliners in a jet stream 350 m/s; small drones 60 m/s.
FASTEST_MPS: Mapping[str, float] = {"ais": 50.0, "adsb": 450.0}
FASTEST_OTHER_MPS = 100.0
# A place may be so much older than its message, and the next not: then a thing seems to
# leap what it flew meanwhile. Sources: ASTM F3411-22a, 5.4.5 (1 s); RTCA DO-260B,
# 2.2.5.2.1 (2 s in all).
LATE_S = 2.0
LEAST_JUMPS = 2  # one may be a wrong bit that passed its checksum


class Sign(StrEnum):
    """What is wrong with a broadcast."""

    STANDS_WHILE_MOVING = "stands_while_moving"
    COUNTER_STANDS = "counter_stands"
    CLOCK_IS_CALENDAR = "clock_is_calendar"
    CLOCK_JUMPS = "clock_jumps"
    SHARED_COUNTER = "shared_counter"
    COARSE_PLACES = "coarse_places"
    IMPOSSIBLE_SPEED = "impossible_speed"


@dataclass(frozen=True, slots=True)
class Forged:
    """One identity and the signs against it.

    Attributes:
        rows: its messages, as a slice of the trajectories.
    """

    identity: str
    rows: slice
    signs: tuple[Sign, ...]

    @property
    def log10_ratio(self) -> float:
        """Log10 of the likelihood of the signs, false against true; never above 3."""
        return min(LOG10_MOST, sum(LOG10_OF_SIGN[one.value] for one in self.signs))


def forged(tracks: Trajectories) -> tuple[Forged, ...]:
    """The identities against which the signs weigh enough, in order."""
    shared = _sharing(tracks.points)
    found = []
    for identity, rows in tracks.runs():
        mine = tracks.points.taken(np.arange(rows.start, rows.stop))
        signs = tuple(_signs(mine, tracks.family, shared))
        one = Forged(identity, rows, signs)
        if one.log10_ratio >= LOG10_FORGED:
            found.append(one)
    return tuple(found)


def jumps(points: TrackPoints, family: str) -> int:
    """How many steps of one identity are faster than anything of its family."""
    placed = points.taken(points.placed)
    if len(placed) < 2:
        return 0
    slack = placed.radius90_m[1:] + placed.radius90_m[:-1]
    most_s = (placed.end_ns[1:] - placed.begin_ns[:-1]) / SECOND_NS + LATE_S
    fastest = FASTEST_MPS.get(family, FASTEST_OTHER_MPS)
    return int(np.count_nonzero(steps_m(placed) - slack > fastest * most_s))


def _signs(points: TrackPoints, family: str, shared: frozenset[str]) -> Iterator[Sign]:
    stands = _stands(points)
    if stands:
        yield Sign.STANDS_WHILE_MOVING
    if stands and _counter_stands(points):
        yield Sign.COUNTER_STANDS
    if _share(points, Mark.SIMULATED_TIME) >= SHARE:
        yield Sign.CLOCK_IS_CALENDAR
    if _share(points, Mark.CLOCK_JUMPED) >= CLOCK_SHARE:
        yield Sign.CLOCK_JUMPS
    if shared & set(points.transmitter.tolist()):
        yield Sign.SHARED_COUNTER
    if _coarse(points):
        yield Sign.COARSE_PLACES
    if jumps(points, family) >= LEAST_JUMPS:
        yield Sign.IMPOSSIBLE_SPEED


def _share(points: TrackPoints, mark: Mark) -> float:
    return float(np.mean(points.marks & mark > 0)) if len(points) else 0.0


def _stands(points: TrackPoints) -> bool:
    """Whether it says that it moves, and is always where it was."""
    placed = points.taken(points.placed)
    if len(placed) < LEAST_MESSAGES or not (placed.speed_mps >= MOVES_MPS).all():
        return False
    elapsed_s = float(placed.begin_ns[-1] - placed.begin_ns[0]) / SECOND_NS
    stands = np.ptp(placed.lat_deg) == 0 and np.ptp(placed.lon_deg) == 0
    moved_m = float(placed.speed_mps.min()) * elapsed_s
    radius_m = float(np.nan_to_num(placed.radius90_m).max())
    return bool(stands) and elapsed_s >= STANDS_S and moved_m > BEYOND_RADII * radius_m


def _counter_stands(points: TrackPoints) -> bool:
    counted = points.counter[points.counter >= 0]
    return len(counted) >= LEAST_MESSAGES and int(np.ptp(counted)) == 0


def _coarse(points: TrackPoints) -> bool:
    """Whether every place told lies on a grid no receiver of satellites knows."""
    placed = points.taken(points.placed)
    if not len(placed):
        return False
    both = np.concatenate((placed.lat_deg, placed.lon_deg))
    off = np.abs(both - np.round(both * GRID_PER_DEG) / GRID_PER_DEG)
    return bool((off <= GRID_TOLERANCE_DEG).all())


def _sharing(points: TrackPoints) -> frozenset[str]:
    """Transmitters that count on where another left off, as one radio does."""
    linked = points.taken((points.link_count >= 0) & (points.transmitter != ""))
    linked = linked.taken(np.lexsort((linked.row, linked.begin_ns)))
    if len(linked) < 2:
        return frozenset()
    changes = linked.transmitter[1:] != linked.transmitter[:-1]
    step = np.diff(linked.link_count) % LINK_MODULUS
    near = np.diff(linked.begin_ns) <= LINK_WITHIN_S * SECOND_NS
    on = changes & near & (step > 0) & (step <= LINK_STEP)
    if on.sum() < LEAST_CHANGES or on.sum() < SHARE * (changes & near).sum():
        return frozenset()
    at = np.flatnonzero(on)
    return frozenset(linked.transmitter[np.concatenate((at, at + 1))].tolist())
