"""What may be firing: masses per side and coarse cell, and nothing else, ever."""

from __future__ import annotations

from trucewatch.grade.finding import Finding, SideShare
from trucewatch.place import Place
from trucewatch.share.bulletin import FiringRow
from trucewatch.share.coarsen import firing_cell_deg, snapped
from trucewatch.share.select import Chosen

Key = tuple[float, float, float, str, str]  # lat, lon, cell, line, held


def firing_rows(chosen: Chosen) -> tuple[FiringRow, ...]:
    """Probability mass by coarse cell and side, of incidents old enough to show.

    An incident whose side is not known counts under an empty line and side.
    """
    masses: dict[Key, list[float]] = {}
    for incident in chosen.firing_shown:
        if isinstance(incident.place, Place):
            cell = _cell(incident.place)
            shares = _shares(chosen.findings.get(incident.id, ()))
            for share in shares:
                key = (*cell, share.line, share.held)
                masses.setdefault(key, []).append(incident.p_exists * share.p)
    return tuple(
        FiringRow(lat, lon, cell_deg, line, held, len(ps), round(sum(ps), 1))
        for (lat, lon, cell_deg, line, held), ps in sorted(masses.items())
    )


def too_recent(chosen: Chosen) -> int:
    """How many incidents of the period may be firing and are not shown yet."""
    shown = {one.id for one in chosen.firing_shown}
    return sum(one.id not in shown for one in chosen.firing)


def _cell(place: Place) -> tuple[float, float, float]:
    cell_deg = firing_cell_deg(place.lat_deg)
    return (*snapped(place.lat_deg, place.lon_deg, cell_deg), cell_deg)


def _shares(findings: tuple[Finding, ...]) -> tuple[SideShare, ...]:
    """The sides of the first finding that gives any; all rest on the same place."""
    given = (one.attribution.shares for one in findings if one.attribution.shares)
    return next(given, (SideShare("", "", 1.0),))
