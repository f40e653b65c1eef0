"""What a channel must say of its detections, and the law most of them share.

A channel is one file in ``fuse/channels``, named as the detector whose detections it
speaks for. Adding a channel is adding a file. A detector without one is taken by the
plain law of this module: its ellipse, its period, its ratio.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from math import log, log10, sqrt
from typing import Protocol, cast, runtime_checkable

from trucewatch.collect.source import Columns
from trucewatch.detect.ellipse import covariance_of
from trucewatch.fuse.cell import Cell
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.state import Row, State, misfit_of, offset, p_inside
from trucewatch.period import Period
from trucewatch.place import Place
from trucewatch.plugin import load, names

CHANNELS = "trucewatch.fuse.channels"


class Capacity(StrEnum):
    """Of how many incidents one detection can speak."""

    ONE = "one"  # A, B, C and F of MODEL 1.3: a wave, a frame
    MANY = "many"  # D, E, G and H: a pixel, a report of a day


@dataclass(frozen=True, slots=True)
class Heard:
    """What channels may find hypotheses in that no detector looks at.

    Attributes:
        columns: tables with their columns, such as picks of nodes.
        watched: hypotheses are made inside.
        cutoff: what lies between the end of ``watched`` and it is known as well;
            ``None`` where nothing is.
    """

    columns: tuple[Columns, ...]
    watched: Period
    cutoff: datetime | None = None

    @property
    def known(self) -> datetime:
        """Until when sounds are known."""
        return max(self.cutoff or self.watched.end, self.watched.end)


class Law(Protocol):
    """How detections of one detector speak of an incident; a module can be one."""

    def capacity(self, cell: Cell) -> Capacity:
        """Of how many incidents the detection can speak."""
        ...

    def rows(self, cell: Cell, state: State) -> tuple[Row, ...]:
        """Residuals of what was measured, if the incident were there and then."""
        ...

    def log10_ratio(self, cell: Cell, state: State) -> float:
        """Log10 of P(event, look) p(z | event) over the clutter's intensity at z."""
        ...


@runtime_checkable
class Proposer(Protocol):
    """A channel that finds hypotheses by itself; a module can be one."""

    def propose(self, heard: Heard, settings: FusionSettings) -> tuple[Cell, ...]:
        """Hypotheses with place and instant as one normal law, in order of time."""
        ...


class Plain:
    """The law of what comes with an ellipse, a period and a ratio at its best."""

    def capacity(self, cell: Cell) -> Capacity:
        """Many: a place and a period may hold more than one incident."""
        return Capacity.MANY

    def rows(self, cell: Cell, state: State) -> tuple[Row, ...]:
        """The offset from the place."""
        return ellipse_rows(cell, state)

    def log10_ratio(self, cell: Cell, state: State) -> float:
        """The detector's ratio less the misfit to place and period."""
        return plain_ratio(cell, state)


@cache
def law_of(detector: str) -> Law:
    """The channel that speaks for a detector; the plain law where none does."""
    if detector in names(CHANNELS):
        return cast(Law, load(CHANNELS, detector))
    return Plain()


def proposers() -> tuple[Proposer, ...]:
    """The channels that find hypotheses by themselves, by name."""
    every = [load(CHANNELS, name) for name in names(CHANNELS)]
    return tuple(one for one in every if isinstance(one, Proposer))


def is_timed(cell: Cell) -> bool:
    """Whether its law ties place and instant together."""
    return cell.moment is not None or cell.best.measured is not None


def ellipse_rows(cell: Cell, state: State) -> tuple[Row, ...]:
    """Two residuals of a normal place; none where there is only an area.

    Source: Cholesky factor of the inverse covariance.
    """
    place = cell.best.place
    if not isinstance(place, Place):
        return ()
    a, b, c = covariance_of(place)
    det = a * c - b * b
    first = sqrt(c / det)
    mixed = -b / det / first
    last = sqrt(max(a / det - mixed * mixed, 0.0))
    east, north = offset(place.lat_deg, place.lon_deg, state)
    return (
        (first * east + mixed * north, first, mixed, 0.0),
        (last * north, 0.0, last, 0.0),
    )


def plain_ratio(cell: Cell, state: State) -> float:
    """The detector's ratio less the misfit to its place and its period."""
    off = misfit_of(ellipse_rows(cell, state))
    inside = log10(p_inside(cell.best.time, state))
    return cell.best.log10_likelihood_ratio - off / log(10) + inside
