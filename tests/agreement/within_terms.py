"""Invented terms whose zones are easy to work out by hand."""

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
    Side,
    SideOf,
    Site,
    Zone,
)
from trucewatch.agreement.terms import Agreement

# A wavy line along latitude 48, drawn from west to east: north lies to its left.
PATH = tuple(
    (30 + i / 20, 48 + (0.15, 0.02, -0.1, 0.06, 0.0, -0.05)[i % 6]) for i in range(161)
)


def ring(west, south, east, north):
    return ((west, south), (east, south), (east, north), (west, north), (west, south))


SQUARE = Polygon(ring(33, 47, 35, 49), (ring(33.5, 47.6, 34.0, 48.4),))


def terms(lines=(), zones=(), sites=()):
    return Agreement(
        slug="invented",
        title="Invented",
        version="1",
        effective=None,
        status="proposed",
        local_zone="UTC",
        parties=(),
        lines=tuple(lines),
        zones=tuple(Zone(name, "", shape) for name, shape in zones),
        sites=tuple(sites),
        clauses=(),
        readings=(),
        exemptions=(),
        commitments=(),
        consultation=(),
        glossary=(),
        sources=(),
    )


def drawn_line(path=PATH, uncertainty_m=1_500.0, name="front"):
    sides = (Side("N", "left"), Side("S", "right"))
    return Line(name, "", tuple(path), (), sides, uncertainty_m, "")


def bordered_line(areas, uncertainty_m=0.0, name="held"):
    sides = (Side("S", "inside"), Side("N", "rest"))
    return Line(name, "", (), tuple(areas), sides, uncertainty_m, "")


def site(lon_deg, lat_deg, name="plant", radius_m=500.0):
    return Site(name, name, "power", lat_deg, lon_deg, radius_m, ("energy",), "")


TERMS = terms(
    lines=(drawn_line(), drawn_line(uncertainty_m=0.0, name="sharp")),
    zones=(
        ("everywhere", Everywhere()),
        ("square", SQUARE),
        ("disc", Disc(48.0, 34.0, 10_000)),
        ("band", NearLine("front", 7_500)),
        ("sharp band", NearLine("sharp", 7_500)),
        ("northern band", NearLine("front", 7_500, "N")),
        ("north", SideOf("front", "N")),
        ("south", SideOf("front", "S")),
        ("sites", NearSites("energy", 2_000)),
        ("band in square", AllOf(("northern band", "square"))),
        ("band or disc", AnyOf(("band", "disc"))),
        ("square off band", Except("square", ("band",))),
        ("not square", Except("everywhere", ("square",))),
        ("not band", Except("everywhere", ("band",))),
        ("not mixed", Except("everywhere", ("band in square",))),
    ),
    sites=(site(34.0, 48.0), site(34.03, 48.0, "second")),
)
