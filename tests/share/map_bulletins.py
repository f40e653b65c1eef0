"""Invented bulletins for tests of the map; nothing in them ever happened."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from random import Random

from trucewatch.period import Period
from trucewatch.share.bulletin import (
    Bulletin,
    CoverageRow,
    FindingRow,
    FiringRow,
    IncidentRow,
    Order,
    OriginRow,
    ReadingRow,
    Sector,
    ShapeRow,
)
from trucewatch.share.release import Release, Stage
from trucewatch.share.said import StatementRow

DAY = datetime(2031, 5, 4, tzinfo=UTC)
GRADES = ["Verified", "Probable", "Possible", "Reported", "Contested", "Unverifiable"]
ACTS = ["shelling", "drone_impact", "strike", "explosion"]
LINE = [(31.0, 46.2), (32.4, 46.6), (34.0, 47.3), (35.6, 47.5), (37.0, 48.3)]

READINGS = (
    ReadingRow(
        "NOR", "From noon, all day", ("NOR",), "accepted",
        ("2031-05-04T06:00Z/2031-05-05T00:00Z",), 0.75, "",
    ),
    ReadingRow(
        "SUD", "From the evening only", ("SUD",), "disputed",
        ("2031-05-04T17:00Z~2031-05-04T19:00Z/..",), 0.25, "its own announcement",
    ),
    ReadingRow("MED", "Never took effect", ("MED",), "rejected", (), 0.0, ""),
)  # fmt: skip


def incident(n: int, dice: Random, cell_deg: float) -> IncidentRow:
    """One incident near the invented line; every tenth is not on the map."""
    hour = dice.choices(range(24), weights=[3] * 6 + [1] * 11 + [4] * 7)[0]
    along = dice.random() * (len(LINE) - 1)
    (x0, y0), (x1, y1) = LINE[int(along)], LINE[min(int(along) + 1, len(LINE) - 1)]
    lon, lat = (
        a + (b - a) * (along % 1) + dice.gauss(0, 0.12) for a, b in ((x0, x1), (y0, y1))
    )
    located = "point" if n % 10 else ("area" if n % 20 else "unlocated")
    on_map = located == "point"
    snap = lambda deg: round(math.floor(deg / cell_deg) * cell_deg + cell_deg / 2, 6)  # noqa: E731
    p = round(min(0.99, max(0.03, dice.betavariate(4, 1.5))), 2)
    return IncidentRow(
        id=f"incident:{n:064x}",
        name=f"X-{n:04d}",
        begin=DAY + timedelta(hours=hour),
        end=DAY + timedelta(hours=hour + 1),
        located=located,
        lat_deg=snap(lat) if on_map else None,
        lon_deg=snap(lon) if on_map else None,
        cell_deg=cell_deg if on_map else 0.0,
        semi_major_m=9_000.0 if on_map else 0.0,
        semi_minor_m=5_000.0 if on_map else 0.0,
        azimuth_deg=float(dice.randrange(180)),
        area="Lower Vale" if located == "area" else "",
        sector="west" if lon < 34 else "east",
        acts=(dice.choice(ACTS), "undetermined"),
        p_acts=(0.8, 0.2),
        units_low=1,
        units_best=1 + int(dice.expovariate(0.25)),
        units_high=40,
        p_exists=p,
        word="very_likely" if p >= 0.8 else "likely",
        origins=(
            OriginRow("origin 1", "thermal", 2.1, 3, ""),
            OriginRow("origin 2", "report", 0.7, 9, "withheld"),
            OriginRow("origin 3", "thermal", -0.4, 1, ""),
        ),
        context=2,
        findings=tuple(findings(n, hour, p, dice)),
    )  # fmt: skip


def standing(n: int, hour: int, reading: str) -> str:
    if n % 10 == 0:
        return "untestable"
    if reading == "SUD" and 17 <= hour < 19:
        return "undecided"
    begins = {"NOR": 6, "SUD": 19, "MED": 24}[reading]
    return "inside" if hour >= begins else "outside"


def findings(n: int, hour: int, p: float, dice: Random) -> list[FindingRow]:
    grade = dice.choice(GRADES)
    rows = []
    for clause in ("1", "2"):
        for reading in READINGS:
            stands = standing(n, hour, reading.id)
            p_window = {"inside": 1.0, "undecided": 0.5}.get(stands, 0.0)
            rows.append(
                FindingRow(
                    id=f"finding:{n}-{clause}-{reading.id}",
                    clause=clause,
                    reading=reading.id,
                    standing=stands,
                    p_act=0.9,
                    p_zone=0.8,
                    p_window=p_window,
                    p_exempt=0.0,
                    p_breach=round(p * p_window, 2),
                    word="likely",
                    grade=grade,
                    grade_automatic=grade,
                    severity="S2",
                    exempt_status="none",
                    independent_origins=1,
                    independent_channels=1,
                    attribution="withheld",
                    attributed_to="",
                    verdict="",
                    reasons=("single_origin", "place_coarse"),
                )
            )
    return rows


LINE_SHAPE = {"type": "LineString", "coordinates": LINE}
ZONE_SHAPE = {
    "type": "Polygon",
    "coordinates": [
        [(30.6, 46.6), (34.2, 48.0), (34.4, 46.6), (31.6, 45.6), (30.6, 46.6)]
    ],
}
SITE_SHAPE = {"type": "Point", "coordinates": (34.5, 47.5)}
SHAPES = (
    ShapeRow("line", "contact", "Line of May", json.dumps(LINE_SHAPE), 6000.0),
    ShapeRow("zone", "west", "Western zone", json.dumps(ZONE_SHAPE), 0.0),
    ShapeRow("site", "dam", "Upper dam", json.dumps(SITE_SHAPE), 3900.0),
)


COVERAGE = (
    CoverageRow("west", "thermal", "shelling", "not_watched", 0.0, 0.0, 0, 212),
    CoverageRow("west", "patrol", "shelling", "watched", 0.83, 0.61, 14, 3),
    CoverageRow("east", "thermal", "shelling", "partly", 0.12, 0.3, 2, 40),
    CoverageRow("east", "camera", "shelling", "failed", 0.0, 0.0, 0, 0),
)

STATEMENTS = (
    StatementRow(
        "observation:1", "NOR", "SUD", DAY, DAY + timedelta(hours=24), "claim",
        (("shelling", 96), ("drone_impact", 365)), 461, "They fired all night.",
        "An outlet", "https://outlet.invalid/1", ("observation:2",),
    ),
)  # fmt: skip


def bulletin(
    incidents: int = 30,
    *,
    cell_deg: float = 0.1,
    title: str = "Truce of the Vale",
    language: str = "en",
) -> Bulletin:
    """A bulletin of one invented day with this many incidents."""
    dice = Random(7)
    order = Order(
        mission="vale", title=title, period=Period(DAY, DAY + timedelta(hours=24)),
        cutoff=DAY + timedelta(hours=27), stage=Stage.A3, release=Release.PUBLIC,
        language=language,
    )  # fmt: skip
    return Bulletin(
        name="vale/2031-05-04", order=order, agreement_title="Truce of the Vale",
        agreement_version="1", agreement_status="in_force",
        parties=(("NOR", "North"), ("SUD", "South"), ("MED", "Mediator")),
        readings=READINGS,
        clauses=(("1", "No use of weapons."), ("2", "No attack on the dam.")),
        sectors=(Sector("west", "Western zone"), Sector("east", "Eastern zone")),
        counts=(),
        incidents=tuple(incident(n, dice, cell_deg) for n in range(1, incidents + 1)),
        firing=(
            FiringRow(47.025, 33.025, 0.05, "contact", "left", 4, 2.6),
            FiringRow(47.025, 33.025, 0.05, "contact", "right", 4, 1.1),
            FiringRow(47.825, 36.325, 0.05, "", "", 2, 1.2),
        ) if incidents else (),
        statements=STATEMENTS, contradictions=(), coverage=COVERAGE, deliveries=(),
        shapes=SHAPES, supersedes="", changed=(), method_version="0.1.0",
        ledger_size=4812, ledger_root="ab" * 32, thresholds=("Verified=0.95",),
    )  # fmt: skip
