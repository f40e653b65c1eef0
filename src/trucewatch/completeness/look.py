"""What a set of looks at the same ground says about acts in a period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import fsum

import numpy as np
from numpy.typing import NDArray

from trucewatch.agreement.geometry import Polygon
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.completeness.response import family_of, grown, response_of
from trucewatch.period import Period

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
_TICK = timedelta(microseconds=1)
_AT_ONCE = 1_000_000  # looks at stretches, to be held in memory together


@dataclass(frozen=True, slots=True)
class Look:
    """One acquisition, as far as it bears on one kind of act.

    Attributes:
        answers: instants at which an act would have shown, or left a trace, to it.
        p: chance that it would have noticed such an act in its footprint.
        doubt: looks that share it can fail together; only the best of them counts.
    """

    footprint: Polygon
    answers: Period
    p: float
    doubt: tuple[str, int]


def looks(
    acquisitions: Iterable[Acquisition], act: Act, charge_kg: float | None = None
) -> tuple[Look, ...]:
    """What the acquisitions can say of the act; a failure says nothing.

    The charge is in kg of TNT, ``None`` for what is usual for the act. Looks of one
    independence key that begin in the same clock hour share their doubt.
    """
    return tuple(
        _look(one, act, charge_kg)
        for one in sorted(acquisitions, key=lambda one: (one.time.begin, one.id))
        if looked(one)
    )


def looked(acquisition: Acquisition) -> bool:
    """Whether the procedure could see anything at all."""
    return acquisition.outcome is not Outcome.FAILURE and acquisition.p_clear > 0


def lasting(acquisition: Acquisition, act: Act) -> timedelta:
    """How long before the look an act can lie that it still shows."""
    response = response_of(family_of(acquisition.procedure))
    return timedelta(seconds=response.lasting_s(act) if response else 0.0)


def answered(
    found: Sequence[Look], sets: Sequence[tuple[int, ...]], time: Period
) -> list[tuple[float, float]]:
    """Of each set the share of a period it answers for, and its chance to notice.

    Both from 0 to 1; the act is uniform over the period. A set holds numbers of looks,
    which are all taken to look at the same ground.
    """
    every = _Answers.of(found, time)
    shares: list[tuple[float, float]] = []
    some: list[tuple[int, ...]] = []
    work = 0
    for one in sets:
        some.append(one)
        work += (2 * len(one) + 1) * len(one)
        if work > _AT_ONCE:
            shares += every.over(some)
            some, work = [], 0
    shares += every.over(some)
    return [
        (seen / time.duration_s, noticed / time.duration_s) for seen, noticed in shares
    ]


@dataclass(frozen=True, slots=True)
class _Answers:
    """Looks by the instants of a period at which they answer, shape ``(n,)`` each.

    Attributes:
        begin_us: after the period's begin; ``end_us`` likewise.
        whole_us: how long the period lasts.
        doubt: rank of the doubt of a look among all.
    """

    begin_us: Whole
    end_us: Whole
    p: Reals
    doubt: Whole
    whole_us: int

    @classmethod
    def of(cls, found: Sequence[Look], time: Period) -> _Answers:
        """What each look answers for, as far as it lies in the period."""
        ends = [
            ((bound - time.begin) // _TICK)
            for one in found
            for bound in (one.answers.begin, one.answers.end)
        ]
        whole_us = (time.end - time.begin) // _TICK
        begin, end = np.array(ends, np.int64).reshape(-1, 2).clip(0, whole_us).T
        rank = {one: n for n, one in enumerate(sorted({one.doubt for one in found}))}
        doubt = np.array([rank[one.doubt] for one in found], np.int64)
        return cls(begin, end, np.array([one.p for one in found]), doubt, whole_us)

    def over(self, sets: Sequence[tuple[int, ...]]) -> list[tuple[float, float]]:
        """Seconds each set answers for, and those in which it is to notice.

        1. the ends of what its looks answer for cut the period into stretches
        2. of the looks at a stretch that can fail together only the best counts
        3. the others miss independently, and the stretches add up
        """
        count = np.array([len(one) for one in sets], np.int64)
        look = np.array([n for one in sets for n in one], np.int64)
        of = np.repeat(np.arange(len(sets)), count)
        look = look[np.lexsort((self.doubt[look], of))]
        here, begin, end = self._stretches(look, of, len(sets))
        at = np.repeat(np.arange(len(here)), count[here])
        place = np.arange(len(at)) - np.repeat(
            np.cumsum(count[here]) - count[here], count[here]
        )
        look = look[(np.cumsum(count) - count)[here][at] + place]
        active = (self.begin_us[look] <= begin[at]) & (begin[at] < self.end_us[look])
        at, p = self._p_any(at[active], look[active])
        seen_s = (end - begin)[at] / 1e6
        cuts = np.searchsorted(here[at], np.arange(len(sets) + 1)).tolist()
        seen, noticed = seen_s.tolist(), (seen_s * p).tolist()
        return [(fsum(seen[a:b]), fsum(noticed[a:b])) for a, b in pairwise(cuts)]

    def _stretches(
        self, look: Whole, of: Whole, sets: int
    ) -> tuple[Whole, Whole, Whole]:
        """The set, the begin and the end of every stretch, by set and time."""
        each, width = np.arange(sets), self.whole_us + 1
        ends = [of * width + self.begin_us[look], of * width + self.end_us[look]]
        ends += [each * width, each * width + self.whole_us]
        ordered = np.sort(np.concatenate(ends))
        here, at = np.divmod(ordered[_begins(ordered)], width)
        same = here[1:] == here[:-1]
        return here[1:][same], at[:-1][same], at[1:][same]

    def _p_any(self, at: Whole, look: Whole) -> tuple[Whole, Reals]:
        """Stretches at which any look answers, and the chance that any notices.

        ``at`` ascends, and by doubt within a stretch.
        """
        if not len(at):
            return at, np.empty(0)
        best = np.flatnonzero(_begins(at) | _begins(self.doubt[look]))
        missed = 1.0 - np.maximum.reduceat(self.p[look], best)
        at = at[best]
        first = np.flatnonzero(_begins(at))
        return at[first], 1.0 - np.multiply.reduceat(missed, first)


def _begins(ordered: Whole) -> NDArray[np.bool_]:
    """Where a number, none below 0, differs from the one before it; at the first."""
    return np.asarray(np.diff(ordered, prepend=-1) != 0)


def _look(acquisition: Acquisition, act: Act, charge_kg: float | None) -> Look:
    family = family_of(acquisition.procedure)
    response, time = response_of(family), acquisition.time
    p = grown(response.p_notice(act), family, act, charge_kg) if response else 0.0
    return Look(
        footprint=acquisition.footprint,
        answers=Period(time.begin - lasting(acquisition, act), time.end),
        p=acquisition.p_clear * p,
        doubt=(acquisition.independence, int(time.begin.timestamp() // 3600)),
    )
