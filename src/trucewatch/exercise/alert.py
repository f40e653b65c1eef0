"""How long after a deed the mechanism could first have said that it probably was.

An origin counts from when its first detection had been made known: observations from
the time their delivery says they were reported, rows of tables (picks, fire pixels)
from when they end. The first alert is when prior and origins known by then make an
incident more likely than not. How long a run takes is not in it, nor how long a file
of rows is on its way where the file does not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from trucewatch.collect.observation import Observation
from trucewatch.detect.detection import Detection
from trucewatch.exercise.truth import Happening, Sort
from trucewatch.fuse.incident import Contribution, Incident
from trucewatch.record import RecordId, Value

MARKS_S = (
    *(60.0, 300.0, 900.0, 1_800.0, 3_600.0, 7_200.0),
    *(14_400.0, 28_800.0, 57_600.0, 86_400.0, 172_800.0),
)
SOUND_S = 60.0  # until the last node of a network has heard it


@dataclass(frozen=True, slots=True)
class First(Value):
    """The first alert of one true breach.

    Attributes:
        channel: what stands first in the key of the origin that tipped the odds.
        after_s: since the breach began; never below 0.
    """

    happening: str
    channel: str
    after_s: float


@dataclass(frozen=True, slots=True)
class AlertRow(Value):
    """First alerts of one channel; of all in the row without a channel."""

    channel: str
    alerts: int
    median_s: float
    p90_s: float


@dataclass(frozen=True, slots=True)
class Alerted(Value):
    """How many true breaches had their first alert so long after they began."""

    after_s: float
    alerts: int


def known_times(
    detections: Sequence[Detection], observations: Sequence[Observation]
) -> dict[RecordId, datetime]:
    """When each detection could first be made, by its id.

    That is when the last of the observations it rests on was made known; without any,
    when its own time ends.
    """
    told = {one.id: one.result_time.begin for one in observations}
    return {
        one.id: max(
            (told[name] for name in one.derived_from if name in told),
            default=one.time.end,
        )
        for one in detections
    }


def firsts(
    spoken: Sequence[tuple[Incident, Happening]], known: Mapping[RecordId, datetime]
) -> tuple[First, ...]:
    """The first alert of each true breach any of the incidents speaks of, by name."""
    best: dict[str, First] = {}
    for incident, one in spoken:
        found = _first(incident, known) if one.sort is Sort.BREACH else None
        if found is None:
            continue
        at, channel = found
        after_s = max(0.0, (at - one.time).total_seconds())
        before = best.get(one.name)
        if before is None or after_s < before.after_s:
            best[one.name] = First(one.name, channel, after_s)
    return tuple(best[name] for name in sorted(best))


def _first(
    incident: Incident, known: Mapping[RecordId, datetime]
) -> tuple[datetime, str] | None:
    """When origins known by then first made it more likely than not, and the last."""
    heard = incident.time.end + timedelta(seconds=SOUND_S)
    when = sorted(
        (
            (_known(one, known, heard), one.independence, one.log10_likelihood_ratio)
            for one in incident.contributions
        ),
        key=lambda row: (row[0], row[1]),
    )
    log10_odds = incident.log10_prior_odds
    for at, key, log10_ratio in when:
        log10_odds += log10_ratio
        if log10_odds > 0:
            return at, key.partition(":")[0]
    return None


def _known(
    one: Contribution, known: Mapping[RecordId, datetime], otherwise: datetime
) -> datetime:
    return min((known[k] for k in one.detections if k in known), default=otherwise)


def alert_rows(found: Sequence[First]) -> tuple[AlertRow, ...]:
    """All alerts in the first row, then each channel, most alerts first."""
    if not found:
        return ()
    channels: dict[str, list[float]] = {}
    for one in found:
        channels.setdefault(one.channel, []).append(one.after_s)
    ranked = sorted(channels, key=lambda name: (-len(channels[name]), name))
    every = [one.after_s for one in found]
    return (_row("", every), *(_row(name, channels[name]) for name in ranked))


def _row(channel: str, after_s: Sequence[float]) -> AlertRow:
    median, late = np.quantile(after_s, (0.5, 0.9)).tolist()
    return AlertRow(channel, len(after_s), round(median, 1), round(late, 1))


def alerted(found: Sequence[First]) -> Iterator[Alerted]:
    """How many breaches were told of by each mark of time."""
    for mark_s in MARKS_S:
        yield Alerted(mark_s, sum(one.after_s <= mark_s for one in found))
