"""Rounds that follow one another in one place are one incident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, fsum, log1p

import numpy as np

from trucewatch.fuse.cell import Rounds
from trucewatch.fuse.incident import Sign
from trucewatch.fuse.moment import Moment, Six
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.state import State, offset
from trucewatch.record import RecordId

GATE2 = 9.21  # squared distance that 99 of 100 pairs of one place stay below
RARE = 0.05  # chance that fewer rounds were fired than the least told; likewise most
VARIANCE_EVEN = 1 / 12  # of what is spread evenly over one second, s2


@dataclass(frozen=True, slots=True)
class Round:
    """One bang a network of nodes heard.

    Attributes:
        p: that it was.
        rows: the picks it rests on, as ``table id#row``.
        network: independence key of the network.
        name: node and time of its earliest pick: no two bangs share it.
        is_loose: whether its arrivals agree on no single place as well as those of a
            bang do.
    """

    moment: Moment
    p: float
    rows: tuple[RecordId, ...]
    network: str
    name: str
    is_loose: bool = False

    @property
    def time_s(self) -> float:
        """When, since 1970-01-01 UTC."""
        return self.moment.state.time_s


@dataclass(frozen=True, slots=True)
class Series:
    """Rounds of one incident, by time.

    Attributes:
        moment: the spot they share, and an instant between the first and the last.
        p: that any of them was.
        signs: of what made them, where they are no bangs on the ground.
    """

    rounds: tuple[Round, ...]
    moment: Moment
    p: float
    count: Rounds
    signs: tuple[Sign, ...] = ()

    @property
    def time_s(self) -> float:
        """Of the first round, since 1970-01-01 UTC."""
        return self.rounds[0].time_s


def series_of(rounds: Sequence[Round], settings: FusionSettings) -> list[Series]:
    """Every round in exactly one series; series by time of their first round.

    Two rounds of one network belong together where no more than ``series_gap_s``
    lies between them and their places agree, each within its error and both within
    ``series_apart_m``. What belongs to a round of a series belongs to the series.
    """
    by_time = sorted(rounds, key=lambda one: (one.time_s, one.network, one.name))
    home = list(range(len(by_time)))
    for i, j in _pairs(by_time, settings):
        a, b = sorted((_root(home, i), _root(home, j)))
        home[b] = a
    groups: dict[int, list[Round]] = {}
    for n, one in enumerate(by_time):
        groups.setdefault(_root(home, n), []).append(one)
    return [_series(groups[n], settings) for n in sorted(groups)]


def _root(home: list[int], n: int) -> int:
    while home[n] != n:
        home[n] = home[home[n]]
        n = home[n]
    return n


def _pairs(rounds: Sequence[Round], settings: FusionSettings) -> list[tuple[int, int]]:
    time_s = np.array([one.time_s for one in rounds], np.float64)
    last = np.searchsorted(time_s, time_s + settings.series_gap_s, side="right")
    return [
        (i, j)
        for i, end in enumerate(last.tolist())
        for j in range(i + 1, end)
        if _is_one_place(rounds[i], rounds[j], settings.series_apart_m**2)
    ]


def _is_one_place(one: Round, other: Round, apart_m2: float) -> bool:
    if one.network != other.network:
        return False
    there = other.moment.state
    x, y = offset(there.lat_deg, there.lon_deg, one.moment.state)
    (a, b, c), (d, e, f) = one.moment.spread[:3], other.moment.spread[:3]
    xx, xy, yy = a + d + apart_m2, b + e, c + f + apart_m2
    distance2 = (yy * x * x - 2 * xy * x * y + xx * y * y) / (xx * yy - xy * xy)
    return distance2 <= GATE2


def _series(rounds: Sequence[Round], settings: FusionSettings) -> Series:
    ps = [one.p for one in rounds]
    p = 1 - exp(fsum(log1p(-min(one, 1 - 1e-12)) for one in ps))
    moment = rounds[0].moment if len(rounds) == 1 else _shared(rounds, settings)
    loose = (Sign("loose", 0.0),) if all(one.is_loose for one in rounds) else ()
    return Series(tuple(rounds), moment, p, counted(ps), loose)


def _shared(rounds: Sequence[Round], settings: FusionSettings) -> Moment:
    """The spot rounds share: their mean, each by its probability.

    What throws one round off (the air, a clock, how nodes lie) throws off all, so the
    mean is known no better than they are; only how they scatter averages out. The
    instant is even over the time from the first to the last.
    """
    share = np.array([one.p for one in rounds]) / fsum(one.p for one in rounds)
    first = rounds[0].moment.state
    away = [offset(first.lat_deg, first.lon_deg, one.moment.state) for one in rounds]
    east, north = (share @ np.array(away)).tolist()
    spread = share @ np.array([one.moment.spread for one in rounds])
    scatter_m2 = settings.series_apart_m**2 / 2 * float(share @ share)
    begin_s, end_s = rounds[0].time_s, rounds[-1].time_s
    length_s = end_s - begin_s
    xx, xy, yy, _, _, tt = spread.tolist()
    tt += VARIANCE_EVEN * length_s * length_s
    spot = first.moved(east, north, length_s / 2)
    six: Six = (xx + scatter_m2, xy, yy + scatter_m2, 0.0, 0.0, tt)
    return Moment(State(spot.lat_deg, spot.lon_deg, spot.time_s, tt**0.5), six)


def counted(ps: Sequence[float]) -> Rounds:
    """How many of some bangs were: the median, and all but one in twenty each way.

    At least one, since the incident is only told in so far as it was.
    Source: the sum of independent chances, exactly (Poisson's binomial law).
    """
    law = np.array([1.0])
    for p in ps:
        law = np.convolve(law, (1 - p, p))
    below = np.cumsum(law)
    low, best, high = (
        max(1, int(np.searchsorted(below, level, side="left")))
        for level in (RARE, 0.5, 1 - RARE)
    )
    return Rounds(low, best, high)
