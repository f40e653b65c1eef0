"""Write an exercise: deliveries in the formats the sources read, terms, truth.

The same scenario and seed give the same files.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from trucewatch.exercise.delivered import Channel, Delivered, Intake, stamp
from trucewatch.exercise.happenings import happenings, rates_per_day
from trucewatch.exercise.scenario import Scenario
from trucewatch.exercise.terms import agreement
from trucewatch.exercise.truth import Happening, Stage, stage_of
from trucewatch.plugin import load, names
from trucewatch.record import written_out

CHANNELS = "trucewatch.exercise.channels"
TRUTH = "truth.json"


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
            (out / "deliveries" / one.name).write_bytes(one.body)
    _write(out / "agreement.yaml", _as_yaml(agreement(stage)))
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
        "rates_per_day": rates_per_day(stage),
        "happenings": [json.loads(written_out(one)) for one in truth],
    }
    return json.dumps(body, indent=1) + "\n"


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
        "sectors": ["strip", *(["waters"] if _at_sea(given) else [])],
        "procedures": sorted({p for one in given for p in one.procedures}),
        "detectors": sorted({d for one in given for d in one.detectors}),
        "deliveries": [_intake(one) for one in intakes],
        "bulletins": [{"stage": "A3", "releases": ["cell"], "days": "all"}],
    }


def _at_sea(given: Sequence[Delivered]) -> bool:
    return any(one.source == "ais" for channel in given for one in channel.intakes)


def _intake(one: Intake) -> dict[str, object]:
    options = dict(one.options)
    return {
        "source": one.source,
        "files": f"deliveries/{one.name}",
        **({"options": options} if options else {}),
        "licence": "simulated by trucewatch",
    }
