"""A group of cells told as an incident."""

from __future__ import annotations

from dataclasses import replace

from trucewatch.fuse.blend import agreed
from trucewatch.fuse.cell import Cell, Rounds
from trucewatch.fuse.ellipses import evidence_of, widened
from trucewatch.fuse.group import Group
from trucewatch.fuse.incident import Contribution, Incident
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.weigh import p_of, weigh
from trucewatch.record import RecordId


def incident_of(
    group: Group,
    log10_miss: float,
    context: tuple[RecordId, ...],
    settings: FusionSettings,
) -> Incident:
    """The incident a group stands for; derives from all its detections."""
    weighed = group.weighed
    origins = _bearing_on_it(group)
    units = [found for one in origins if (found := _units(one)) is not None]
    own = {name for one in group.cells for name in one.copies}
    lent = {name for one in weighed.contributions for name in one.detections}
    detections = sorted(own | lent)
    signs = tuple(sign for one in group.cells for sign in one.signs)
    evidence = evidence_of(weighed.contributions, signs)
    return Incident(
        name=_name(group),
        place=widened(weighed.place, evidence, settings.ellipses),
        time=weighed.time,
        acts=agreed([one.best.acts for one in origins]),
        units_low=min((one.low for one in units), default=0),
        units_best=units[0].best if units else 0,
        units_high=max((one.high for one in units), default=0),
        log10_prior_odds=weighed.log10_prior_odds,
        log10_miss_ratio=log10_miss,
        p_exists=p_of(weighed.log10_odds + log10_miss),
        contributions=tuple(
            _with_doubt(one, group, log10_miss, settings)
            for one in weighed.contributions
        ),
        context=context,
        against=_against(weighed.origins),
        p_without_strongest=_p_without_strongest(group, log10_miss, settings),
        signs=signs,
        derived_from=(*detections, *context, settings.id),
    )


def _units(cell: Cell) -> Rounds | None:
    units = cell.best.units
    told = None if units is None else Rounds(units, units, units)
    return cell.rounds or told


def _bearing_on_it(group: Group) -> list[Cell]:
    """The cell of each origin whose words of what and how many are of this incident.

    What other incidents explain as well says of none of them what it was.
    """
    shared = {key for key, _ in group.log10_shifts}
    origins = group.weighed.origins
    own = [one for one in origins if one.best.independence not in shared]
    return own or list(origins)


def _name(group: Group) -> str:
    """The name of what was said earliest: later evidence keeps it.

    What a channel told apart from everything else names the incident rather than a
    report of that day, which may turn out to speak of another.
    """
    told = [one for one in group.cells if one.moment] or group.cells
    return min(told, key=lambda c: (c.best.time.begin, c.content)).name


def _against(origins: tuple[Cell, ...]) -> str:
    about = {one.best.against if one.is_claim else "" for one in origins}
    return about.pop() if len(about) == 1 else ""


def _p_without_strongest(
    group: Group, log10_miss: float, settings: FusionSettings
) -> float:
    """The probability from the other origins alone; 0 where there is none.

    What the others gain or lose because other incidents explain them too stays.
    """
    strongest = _strongest(group)
    rest = [one for one in group.cells if one.best.independence != strongest]
    if not rest:
        return 0.0
    shifted = sum(shift for key, shift in group.log10_shifts if key != strongest)
    return p_of(weigh(rest, settings).log10_odds + shifted + log10_miss)


def _with_doubt(
    one: Contribution, group: Group, log10_miss: float, settings: FusionSettings
) -> Contribution:
    """A party's word with the probability the rest leaves without it.

    The word names its place and time, so that what the rest says of them starts from
    the odds of a claim, not of any act anywhere: only looks that saw nothing exclude.
    """
    if not one.claimed_by:
        return one
    rest = [c for c in group.cells if c.best.claimed_by != one.claimed_by]
    keys = {c.best.independence for c in rest}
    shifted = sum(shift for key, shift in group.log10_shifts if key in keys)
    found = weigh(rest, settings).log10_odds + shifted if rest else -300.0
    log10_odds = max(found, settings.log10_odds_of_claim)
    return replace(one, p_without=p_of(log10_odds + log10_miss))


def _strongest(group: Group) -> str:
    """The key of the origin that adds most."""
    if not group.log10_shifts:
        return group.weighed.origins[0].best.independence
    added = group.weighed.contributions
    best = min(added, key=lambda one: (-one.log10_likelihood_ratio, one.independence))
    return best.independence
