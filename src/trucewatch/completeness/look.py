"""What a set of looks at the same ground says about acts in a period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import fsum

from trucewatch.agreement.geometry import Polygon
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.completeness.response import family_of, grown, response_of
from trucewatch.period import Period


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


def answered(found: Sequence[Look], time: Period) -> tuple[float, float]:
    """Share of a period that looks answer for, and chance that they notice an act.

    Both from 0 to 1; the act is uniform over the period. All looks are taken to look
    at the same ground.
    """
    bounds = {time.begin, time.end}
    for one in found:
        bounds |= {one.answers.begin, one.answers.end}
    breaks = sorted(at for at in bounds if time.begin <= at <= time.end)
    seen_s, noticed_s = [], []
    for begin, end in pairwise(breaks):
        active = [one for one in found if one.answers.contains(begin)]
        if active:
            seen_s.append((end - begin).total_seconds())
            noticed_s.append(seen_s[-1] * _p_any(active))
    return fsum(seen_s) / time.duration_s, fsum(noticed_s) / time.duration_s


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


def _p_any(active: Iterable[Look]) -> float:
    """The chance that any of some looks notices an act."""
    best: dict[tuple[str, int], float] = {}
    for one in active:
        best[one.doubt] = max(one.p, best.get(one.doubt, 0.0))
    missed = 1.0
    for _, p in sorted(best.items()):
        missed *= 1 - p
    return 1 - missed
