"""Exercises in memory: what channels deliver, read and asked as a mission does."""

from datetime import timedelta

from tests.collect.deliveries import delivered
from trucewatch.collect.source import Batch
from trucewatch.detect.detection import Evidence
from trucewatch.exercise.happenings import happenings
from trucewatch.exercise.make import CHANNELS
from trucewatch.exercise.scenario import Scenario
from trucewatch.exercise.truth import stage_of
from trucewatch.period import Period
from trucewatch.plugin import load

SOURCES = "trucewatch.collect.sources"
DETECTORS = "trucewatch.detect.detectors"


def scenario(**parts):
    return Scenario.model_validate({
        "scenario": "small",
        "title": "Small",
        "days": 1,
        "parties": {"NOR": {"breaches_per_day": 20}, "SUD": {"breaches_per_day": 20}},
        **parts,
    })


def delivery_of(channel, asked, seed=3):
    """Stage, truth and what one channel delivers."""
    stage = stage_of(asked, seed)
    truth = happenings(stage, seed)
    return stage, truth, load(CHANNELS, channel).deliver(stage, truth, seed)


def read_all(given):
    """Every intake as its source reads it."""
    return [
        load(SOURCES, one.source).read(
            one.body, delivered(one.source, one.body, dict(one.options), one.name)
        )
        for one in given.intakes
    ]


def joined(batches):
    return Batch(
        rows_read=sum(one.rows_read for one in batches),
        observations=tuple(o for one in batches for o in one.observations),
        acquisitions=tuple(a for one in batches for a in one.acquisitions),
        tables=tuple(t for one in batches for t in one.tables),
        rejections=tuple(r for one in batches for r in one.rejections),
    )


def detections(stage, batch, names, terms=()):
    """What detectors find in a batch over the whole exercise."""
    watched = Period(stage.begin, stage.end + timedelta(days=1))
    evidence = Evidence(batch.observations, batch.tables, watched, "settings:1", terms)
    return {name: load(DETECTORS, name).detect(evidence) for name in names}
