"""Write an exercise: deliveries in the formats the sources read, terms, truth.

The same scenario and seed give the same files.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from trucewatch.exercise.delivered import Channel, Delivered, Intake, stamp
from trucewatch.exercise.scenario import PARTIES, Scenario
from trucewatch.exercise.truth import Happening, Stage, happenings, stage_of
from trucewatch.plugin import load, names
from trucewatch.record import written_out

CHANNELS = "trucewatch.exercise.channels"
TRUTH = "truth.json"
INVENTED = "invented for an exercise"
NAMES = {"NOR": "Northern side", "SUD": "Southern side"}


def make(scenario: Scenario, seed: int, out: Path) -> tuple[Happening, ...]:
    """Write mission, agreement, deliveries and truth into a folder; the truth.

    Raises:
        OSError: if the folder cannot be written.
    """
    stage = stage_of(scenario, seed)
    truth = happenings(stage, seed)
    given = [_channel(name).deliver(stage, truth, seed) for name in names(CHANNELS)]
    (out / "deliveries").mkdir(parents=True, exist_ok=True)
    for channel in given:
        for one in channel.intakes:
            _write(out / "deliveries" / one.name, one.text)
    _write(out / "agreement.yaml", _as_yaml(_agreement(stage)))
    _write(out / "mission.yaml", _as_yaml(_mission(stage, given, seed)))
    _write(out / TRUTH, _truth(stage, truth, seed))
    return truth


def _channel(name: str) -> Channel:
    made: Channel = load(CHANNELS, name)
    return made


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _as_yaml(tree: object) -> str:
    """JSON, which is YAML too, and needs no quoting rules."""
    return json.dumps(tree, indent=1, ensure_ascii=False) + "\n"


def _truth(stage: Stage, truth: Sequence[Happening], seed: int) -> str:
    body = {
        "scenario": stage.scenario.model_dump(mode="json"),
        "seed": seed,
        "begin": stamp(stage, 0.0),
        "end": stamp(stage, stage.span_s),
        "happenings": [json.loads(written_out(one)) for one in truth],
    }
    return json.dumps(body, indent=1) + "\n"


def _agreement(stage: Stage) -> dict[str, object]:
    scenario, ground = stage.scenario, stage.scenario.sector
    north, south = PARTIES
    early = stamp(stage, scenario.truce_from_h * 3600)
    late = stamp(stage, (scenario.truce_from_h + scenario.disputed_h) * 3600)
    near = {"line": "contact", "within_m": ground.depth_m}
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
        "zones": {"strip": {"title": "The sector", "near_line": near}},
        "clauses": [_clause()],
        "readings": [_reading(north, early), _reading(south, late)],
        "exemptions": [_demining()],
    }


def _line(stage: Stage) -> dict[str, object]:
    north, south = PARTIES
    return {
        "title": "Line of contact",
        "path": stage.lonlat(stage.line_x_m, stage.line_y_m).round(5).tolist(),
        "sides": {north: "left", south: "right"},
        "uncertainty_m": stage.scenario.sector.known_m,
        "source": INVENTED,
    }


def _clause() -> dict[str, object]:
    return {
        "id": "no-attack",
        "text": "Neither side attacks the other.",
        "domain": "land",
        "prohibits": ["attack"],
        "where": "everywhere",
        "binds": list(PARTIES),
        "source": INVENTED,
    }


def _extent(stage: Stage) -> dict[str, float]:
    """Bounds of all coordinates, with two degrees to spare."""
    lonlat = stage.lonlat(stage.line_x_m, stage.line_y_m)
    (west, south), (east, north) = lonlat.min(0) - 2.0, lonlat.max(0) + 2.0
    bounds = (("south", south), ("north", north), ("west", west), ("east", east))
    return {f"{name}_deg": round(float(value), 3) for name, value in bounds}


def _reading(party: str, since: str) -> dict[str, object]:
    return {
        "id": party,
        "title": f"As {NAMES[party].lower()} reads it",
        "held_by": [party],
        "stance": "accepted",
        "in_force": [{"window": f"{since}/..", "stated": f"from {since}"}],
        "sources": [INVENTED],
    }


def _demining() -> dict[str, object]:
    return {
        "id": "demining",
        "kind": "demining",
        "text": "Announced demining is excused.",
        "acts": ["explosion"],
        "needs": "notification",
        "within_m": 3000,
        "within": "PT2H",
        "where": "everywhere",
    }


def _mission(stage: Stage, given: Sequence[Delivered], seed: int) -> dict[str, object]:
    scenario = stage.scenario
    last = stamp(stage, stage.span_s - 1)[:10]
    intakes = [one for channel in given for one in channel.intakes]
    return {
        "mission": f"{scenario.scenario}-{seed}",
        "title": f"Exercise: {scenario.title}",
        "agreement": "agreement.yaml",
        "days": {"first": scenario.first, "last": last},
        "zone": "UTC",
        "horizon": "P2D",
        "sectors": ["strip"],
        "procedures": sorted({p for one in given for p in one.procedures}),
        "detectors": sorted({d for one in given for d in one.detectors}),
        "deliveries": [_intake(one) for one in intakes],
        "bulletins": [{"stage": "A3", "releases": ["cell"], "days": "all"}],
    }


def _intake(one: Intake) -> dict[str, object]:
    options = dict(one.options)
    if one.source == "patrol_forms":
        options.setdefault("zone", "UTC")
    return {
        "source": one.source,
        "files": f"deliveries/{one.name}",
        **({"options": options} if options else {}),
        "licence": "simulated by trucewatch",
    }
