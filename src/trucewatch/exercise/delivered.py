"""What a channel of an exercise hands over."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from trucewatch.exercise.truth import Happening, Reals, Stage
from trucewatch.period import iso


@dataclass(frozen=True, slots=True)
class Intake:
    """One file of deliveries as the mission file names it."""

    source: str
    name: str
    body: bytes
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Delivered:
    """All that one channel delivers.

    Attributes:
        detectors: detectors the mission needs to make something of it.
        procedures: families whose looks say what could have been noticed.
    """

    intakes: tuple[Intake, ...] = ()
    detectors: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()


class Channel(Protocol):
    """A channel. A module with this function is one."""

    def deliver(self, stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
        """What the channel delivers of what happens; deterministic for a seed."""
        ...


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV table."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode()


def stamp(stage: Stage, at_s: float) -> str:
    """A time after the start, ISO 8601 to the microsecond."""
    return iso(stage.begin + timedelta(microseconds=round(at_s * 1e6)))


def seconds(stage: Stage, time: datetime) -> float:
    """Seconds after the start."""
    return (time - stage.begin).total_seconds()


def dark(stage: Stage, channel: str, at_s: float) -> bool:
    """Whether the scenario has the channel give nothing at the time."""
    return any(
        one.channel == channel and one.begin_h * 3600 <= at_s < one.end_h * 3600
        for one in stage.scenario.blackouts
    )


def dark_each(stage: Stage, channel: str, at_s: Reals) -> NDArray[np.bool_]:
    """``dark`` for many times at once."""
    found = np.zeros(np.shape(at_s), np.bool_)
    for one in stage.scenario.blackouts:
        if one.channel == channel:
            found |= (at_s >= one.begin_h * 3600) & (at_s < one.end_h * 3600)
    return found
