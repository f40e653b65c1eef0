"""What failed looks cost: the ledger of interference.

For each cause, procedure family and holder of the ground: what would have been watched
besides, had the looks that failed for it been as clear as any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum

from trucewatch.agreement.taxonomy import Act
from trucewatch.agreement.terms import Agreement
from trucewatch.collect.observation import Acquisition, Cause, Outcome
from trucewatch.completeness.grid import HOUR_S, Grid, survey
from trucewatch.completeness.held import Holder, holder
from trucewatch.completeness.response import family_of
from trucewatch.period import Period


@dataclass(frozen=True, slots=True)
class Lost:
    """What one cause cost one family on ground that one side held.

    Attributes:
        held_by: empty where nobody says who held the ground; ``doubt`` is the code of
            ``held.Doubt``, empty where the terms bear it out.
        failed_h: of looking that failed, over all footprints.
        zone_h: hours for which the whole ground would have been watched and was not, a
            part of it counting as its share.
        p_lost: by how much the mean chance of noticing fell, 0 to 1.
    """

    cause: Cause
    family: str
    held_by: str
    occasions: int
    failed_h: float
    zone_h: float
    p_lost: float
    doubt: str = ""


def lost(
    acquisitions: Sequence[Acquisition],
    act: Act,
    grid: Grid,
    period: Period,
    agreement: Agreement | None = None,
) -> tuple[Lost, ...]:
    """One entry per cause, family and holder of the ground, in this order.

    Who held the ground is checked against the agreement, where one is given.
    """
    kept: list[Acquisition] = []
    failed: dict[tuple[Cause, str, str, str], list[Acquisition]] = {}
    for one in acquisitions:
        if one.outcome is not Outcome.FAILURE:
            kept.append(one)
        elif one.time.overlaps(period):
            who = holder(one, agreement) if agreement else Holder(one.held_by)
            key = (one.cause, family_of(one.procedure), who.party, who.doubt)
            failed.setdefault(key, []).append(one)
    if not failed:
        return ()
    seen = survey(kept, act, grid, period)
    made = []
    for (cause, family, held_by, doubt), some in sorted(failed.items()):
        again = [replace(one, outcome=Outcome.MISS, p_clear=1.0) for one in some]
        could = survey([*kept, *again], act, grid, period)
        unwatched = float(((could > 0) & (seen == 0)).mean()) if seen.size else 0.0
        made.append(
            Lost(
                cause=cause,
                family=family,
                held_by=held_by,
                occasions=len(some),
                failed_h=fsum(one.time.overlap_s(period) for one in some) / HOUR_S,
                zone_h=unwatched * period.duration_s / HOUR_S,
                p_lost=float((could - seen).mean()) if seen.size else 0.0,
                doubt=doubt,
            )
        )
    return tuple(made)
