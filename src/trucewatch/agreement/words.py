"""Terms said in words: windows, zones and lists, the same in a terminal and a page."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from trucewatch.agreement.geometry import (
    AllOf,
    AnyOf,
    Disc,
    Everywhere,
    Except,
    Line,
    NearLine,
    NearSites,
    Polygon,
    Shape,
    SideOf,
    Zone,
)
from trucewatch.agreement.terms import Agreement, ReadClause, Window
from trucewatch.period import Period

_DAY = timedelta(days=1)
_SECOND_S = 1.0


def window_words(window: Window, zone: str) -> str:
    """When the window opens and closes, in UTC and in its own zone, or ``zone``."""
    begin = _edge_words(window.begin, window.zone or zone)
    end = _edge_words(window.end, window.zone or zone)
    opens = f"from {begin}" if begin else "with no beginning stated"
    closes = f"until {end}" if end else "with no end stated"
    return f"{opens}, {closes}"


def windows_words(windows: tuple[Window, ...], zone: str) -> str:
    """All windows, or that the terms are never in force."""
    if not windows:
        return "never in force"
    return "; and ".join(window_words(window, zone) for window in windows)


def shape_words(shape: Shape) -> str:
    """What the shape holds, with ids as written in the file."""
    match shape:
        case Everywhere():
            return "everywhere"
        case Polygon():
            holes = f", with {len(shape.holes)} holes" if shape.holes else ""
            return f"an area drawn with {len(shape.outer) - 1} corners{holes}"
        case Disc():
            centre = f"{shape.lat_deg:g}, {shape.lon_deg:g}"
            return f"within {distance_words(shape.radius_m)} of {centre}"
        case NearSites():
            return f"within {distance_words(shape.within_m)} of sites on {shape.sites}"
        case NearLine() | SideOf():
            return _beside_words(shape)
        case AllOf() | AnyOf() | Except():
            return _combined_words(shape)


def height_words(zone: Zone) -> str:
    """The band of heights, empty where there is none."""
    if zone.floor_m is None and zone.ceiling_m is None:
        return ""
    floor = "the ground" if zone.floor_m is None else f"{zone.floor_m:g} m"
    ceiling = "no limit" if zone.ceiling_m is None else f"{zone.ceiling_m:g} m"
    return f"heights from {floor} to {ceiling} above the ellipsoid"


def line_words(line: Line) -> str:
    """How the line is drawn, who holds what, and how well it is known."""
    drawn = f"a path of {len(line.path)} vertices"
    if not line.path:
        drawn = f"the border of {len(line.areas)} areas"
    sides = "; ".join(f"{side.party} holds {side.held}" for side in line.sides)
    known = f"known to {distance_words(line.uncertainty_m)} (one standard deviation)"
    return f"{drawn}; {sides or 'no sides named'}; {known}"


def where_words(where: tuple[str, ...]) -> str:
    """The zones of a clause, or everywhere."""
    return ", ".join(where) if where else "everywhere"


def change_words(change: ReadClause, agreement: Agreement) -> str:
    """What a reading changes in a clause."""
    if not change.applies:
        return f"{change.clause} does not apply"
    said = []
    if change.prohibits is not None:
        said.append(f"prohibits {plain(change.prohibits)}")
    if change.where is not None:
        said.append(f"holds {where_words(change.where)}")
    if change.sites is not None:
        said.append(f"protects the sites on the list {change.sites}")
    if change.windows is not None:
        said.append(windows_words(change.windows, agreement.local_zone))
    return f"{change.clause}: {', '.join(said) or 'as written'}"


def plain(words: tuple[str, ...]) -> str:
    """Names of acts, classes or parties as a list in words."""
    return ", ".join(str(word).replace("_", " ") for word in words)


def distance_words(length_m: float) -> str:
    """A distance in metres, from 1 km on in kilometres."""
    return f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"


def duration_words(length_s: float) -> str:
    """A duration in hours, or in days where it is whole days."""
    hours = length_s / 3600
    return f"{hours / 24:g} days" if hours >= 48 and hours % 24 == 0 else f"{hours:g} h"


def instant_words(instant: datetime) -> str:
    """An instant in UTC, to the second only where it has seconds."""
    form = "%d %B %Y %H:%M:%S UTC" if instant.second else "%d %B %Y %H:%M UTC"
    return instant.strftime(form).lstrip("0")


def _edge_words(edge: Period | None, zone: str) -> str:
    if edge is None:
        return ""
    local = ZoneInfo(zone)
    if edge.duration_s <= _SECOND_S:
        here = edge.begin.astimezone(local).strftime("%H:%M")
        return f"{instant_words(edge.begin)} ({here} {zone})"
    first = edge.begin.astimezone(local).date()
    last = (edge.end - timedelta(seconds=1)).astimezone(local).date()
    begin = f"{first:%d %B %Y}".lstrip("0")
    if first == last:
        return f"some time on {begin} ({zone})"
    return f"some time from {begin} to {last:%d %B %Y} ({zone})".replace(
        " to 0", " to "
    )


def _beside_words(shape: NearLine | SideOf) -> str:
    side = f"the side {shape.side} holds" if shape.side else "both sides"
    if isinstance(shape, SideOf):
        return f"{side} of {shape.line}"
    return f"within {distance_words(shape.within_m)} of {shape.line}, {side}"


def _combined_words(shape: AllOf | AnyOf | Except) -> str:
    match shape:
        case AllOf():
            return f"what {', '.join(shape.zones)} have in common"
        case AnyOf():
            return f"any of {', '.join(shape.zones)}"
        case Except():
            return f"{shape.zone} without {', '.join(shape.without)}"
