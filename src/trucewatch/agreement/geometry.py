"""The shapes an agreement draws: lines with uncertainty, and zones made of them."""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.record import Value

Ring = tuple[tuple[float, float], ...]  # (lon_deg, lat_deg), first equal to last


@dataclass(frozen=True, slots=True)
class Everywhere(Value):
    """No limit in space."""


@dataclass(frozen=True, slots=True)
class Polygon(Value):
    """An outer ring and its holes.

    Edges are straight in longitude and latitude (RFC 7946 §3.1.1); a longitude may
    pass ±180 so that a shape across the antimeridian stays in one piece.
    """

    outer: Ring
    holes: tuple[Ring, ...] = ()


@dataclass(frozen=True, slots=True)
class Disc(Value):
    """Everything within a geodesic distance of a point."""

    lat_deg: float
    lon_deg: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class NearLine(Value):
    """Everything within a distance of a line, on one named side of it or on both.

    Attributes:
        line: id of the line.
        within_m: geodesic distance.
        side: id of the party on whose side; empty for both sides.
    """

    line: str
    within_m: float
    side: str = ""


@dataclass(frozen=True, slots=True)
class SideOf(Value):
    """Everything on one party's side of a line."""

    line: str
    side: str


@dataclass(frozen=True, slots=True)
class NearSites(Value):
    """Everything within a distance of a declared site on a list, beyond its extent."""

    sites: str
    within_m: float


@dataclass(frozen=True, slots=True)
class AllOf(Value):
    """What the named zones have in common."""

    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Value):
    """What lies in any of the named zones."""

    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Except(Value):
    """One named zone without the others."""

    zone: str
    without: tuple[str, ...]


Shape = (
    Everywhere | Polygon | Disc | NearLine | SideOf | NearSites | AllOf | AnyOf | Except
)


@dataclass(frozen=True, slots=True)
class Side(Value):
    """Which part of the world beside a line a party holds.

    Attributes:
        party: id of the party.
        held: ``left`` or ``right`` of the path as drawn, ``inside`` the areas the
            line bounds, or ``rest``.
    """

    party: str
    held: str


@dataclass(frozen=True, slots=True)
class Line(Value):
    """A line of the agreement, dated, with how well it is known.

    Attributes:
        path: vertices ``(lon_deg, lat_deg)`` of a line drawn as such; empty when the
            line is the border of ``areas``.
        areas: what one side holds, when the line is drawn as areas.
        sides: who holds what; at most two.
        uncertainty_m: one standard deviation of a shift of the line across itself.
    """

    id: str
    title: str
    path: tuple[tuple[float, float], ...]
    areas: tuple[Polygon, ...]
    sides: tuple[Side, ...]
    uncertainty_m: float
    source: str


@dataclass(frozen=True, slots=True)
class Zone(Value):
    """A part of space the terms speak of.

    Attributes:
        floor_m: lowest height above the WGS 84 ellipsoid, ``None`` for the ground.
        ceiling_m: greatest height, ``None`` for no limit.
    """

    id: str
    title: str
    shape: Shape
    floor_m: float | None = None
    ceiling_m: float | None = None


@dataclass(frozen=True, slots=True)
class Site(Value):
    """A declared site: protected facility, storage, hub.

    Attributes:
        lists: names of the lists it stands on; parties may hold different lists.
        radius_m: extent of the site around its point.
    """

    id: str
    name: str
    kind: str
    lat_deg: float
    lon_deg: float
    radius_m: float
    lists: tuple[str, ...]
    source: str
