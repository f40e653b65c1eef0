"""The terms of an exercise: clauses only on what its parties may do in it."""

from __future__ import annotations

import numpy as np

from trucewatch.exercise.delivered import stamp
from trucewatch.exercise.routes import WATERS_M, waters
from trucewatch.exercise.scenario import PARTIES
from trucewatch.exercise.truth import Stage

INVENTED = "invented for an exercise"
NAMES = {"NOR": "Northern side", "SUD": "Southern side"}
REAR_DEPTHS = 3.0  # how far from the line the land of either side is watched

Tree = dict[str, object]
What = tuple[str, list[str], object]  # domain, acts, where


def agreement(stage: Stage) -> Tree:
    """The agreement file."""
    scenario, ground = stage.scenario, stage.scenario.sector
    north, south = PARTIES
    early = stamp(stage, scenario.truce_from_h * 3600)
    late = stamp(stage, (scenario.truce_from_h + scenario.disputed_h) * 3600)
    return {
        "agreement": f"exercise-{scenario.scenario}",
        "title": f"Exercise: {scenario.title}",
        "version": "1",
        "status": "in_force",
        "local_zone": "UTC",
        "sources": [INVENTED],
        "extent": _extent(stage),
        "parties": {one: {"name": NAMES[one], "role": "side"} for one in PARTIES},
        "lines": {"contact": _line(stage)},
        "zones": {
            "strip": {"title": "The sector", "near_line": _near(ground.depth_m)},
            **_zones(stage),
        },
        "clauses": _clauses(stage),
        "readings": [_reading(north, early), _reading(south, late)],
        "exemptions": _exemptions(stage),
    }


def _any(stage: Stage, *names: str) -> bool:
    """Whether any party does any of these."""
    doings = [stage.scenario.doing(party) for party in PARTIES]
    return any(getattr(one, name) > 0 for one in doings for name in names)


def _at_sea(stage: Stage) -> bool:
    vessels = stage.scenario.traffic.vessels > 0
    return vessels or _any(stage, "entries_per_day")


def _near(within_m: float) -> Tree:
    return {"line": "contact", "within_m": within_m}


def _zones(stage: Stage) -> Tree:
    zones: Tree = {}
    if _at_sea(stage):
        (lonlat,) = stage.lonlat(*np.array([waters(stage)]).T).round(5).tolist()
        disc = {"lat_deg": lonlat[1], "lon_deg": lonlat[0], "radius_m": WATERS_M}
        zones["waters"] = {"title": "Closed waters", "disc": disc}
    if _any(stage, "training_per_day"):
        far = REAR_DEPTHS * stage.scenario.sector.depth_m
        zones["wide"] = {"title": "The land on both sides", "near_line": _near(far)}
        rear = {"zone": "wide", "without": ["strip"]}
        zones["rear"] = {"title": "Behind the strip", "except": rear}
    return zones


def _clauses(stage: Stage) -> list[Tree]:
    made = [
        _clause(
            "no-attack",
            "Neither side attacks the other.",
            ("land", ["attack"], "everywhere"),
        )
    ]
    if _at_sea(stage):
        what: What = ("sea", ["vessel_in_exclusion_area"], ["waters"])
        made.append(_clause("no-entry", "No vessel enters the closed waters.", what))
    if stage.scenario.traffic.aircraft or _any(
        stage, "overflights_per_day", "crossings_per_day"
    ):
        what = ("air", ["overflight", "drone_crossing"], ["strip"])
        made.append(_clause("no-overflight", "Nobody flies over the strip.", what))
    if _any(stage, "jams_per_day", "p_turns_back"):
        what = ("information", ["obstruction"], "everywhere")
        text = "Neither side hinders those who observe, or jams navigation."
        made.append(_clause("no-obstruction", text, what))
    return made


def _clause(name: str, text: str, what: What) -> Tree:
    domain, prohibits, where = what
    return {
        "id": name,
        "text": text,
        "domain": domain,
        "prohibits": prohibits,
        "where": where,
        "binds": list(PARTIES),
        "source": INVENTED,
    }


def _line(stage: Stage) -> Tree:
    north, south = PARTIES
    return {
        "title": "Line of contact",
        "path": stage.lonlat(stage.line_x_m, stage.line_y_m).round(5).tolist(),
        "sides": {north: "left", south: "right"},
        "uncertainty_m": stage.scenario.sector.known_m,
        "source": INVENTED,
    }


def _extent(stage: Stage) -> dict[str, float]:
    """Bounds of all coordinates, with two degrees to spare."""
    lonlat = stage.lonlat(stage.line_x_m, stage.line_y_m)
    (west, south), (east, north) = lonlat.min(0) - 2.0, lonlat.max(0) + 2.0
    bounds = (("south", south), ("north", north), ("west", west), ("east", east))
    return {f"{name}_deg": round(float(value), 3) for name, value in bounds}


def _reading(party: str, since: str) -> Tree:
    return {
        "id": party,
        "title": f"As {NAMES[party].lower()} reads it",
        "held_by": [party],
        "stance": "accepted",
        "in_force": [{"window": f"{since}/..", "stated": f"from {since}"}],
        "sources": [INVENTED],
    }


def _exemptions(stage: Stage) -> list[Tree]:
    made = [
        _exemption("demining", "Announced demining is excused.", ["explosion"])
        | {"within_m": 3000, "within": "PT2H", "where": "everywhere"}
    ]
    if _any(stage, "training_per_day"):
        text = "Announced training behind the strip is excused."
        made.append(
            _exemption("training", text, ["attack"])
            | {"within_m": 4000, "within": "PT2H", "where": ["rear"]}
        )
    return made


def _exemption(kind: str, text: str, acts: list[str]) -> Tree:
    return {
        "id": kind,
        "kind": kind,
        "text": text,
        "acts": acts,
        "needs": "notification",
    }
