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
from trucewatch.detect.delay import PARTY, late_s
from trucewatch.detect.ellipse import covariance_of
from trucewatch.fuse.cell import Cell
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.state import LEAST_INSIDE, Row, State, misfit_of, offset, p_inside
from trucewatch.period import Period
from trucewatch.place import Place
from trucewatch.plugin import load, names

CHANNELS = "trucewatch.fuse.channels"

# Where a normal law is asked, in standard deviations, and the weight of each place.
# Source: Gauss-Hermite quadrature with five nodes.
NODES = (
    (-2.856970, 0.011257),
    (-1.355626, 0.222076),
    (0.0, 0.533333),
    (1.355626, 0.222076),
    (2.856970, 0.011257),
)


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
    inside = log10(p_then(cell, state))
    return cell.best.log10_likelihood_ratio - off / log(10) + inside


def p_then(cell: Cell, state: State) -> float:
    """How well the time of a state fits the time of a cell, never below 1e-12.

    The share of the state's time within the cell's period; where the print alone
    tells the time, weighed by the density of delays over an even one, so that it may
    exceed 1. Source: MODEL 1.3, channel H; the mean over the state's normal time.
    """
    inside = p_inside(cell.best.time, state)
    printed = cell.best.made_known
    if printed is None:
        return inside
    begin_s, end_s = (late_s(printed, t.timestamp()) for t in _bounds(cell))
    steps = NODES if state.time_sd_s > 0 else ((0.0, 1.0),)
    mean = sum(
        share
        * PARTY.density_ratio(
            late_s(printed, state.time_s + z * state.time_sd_s), begin_s, end_s
        )
        for z, share in steps
    )
    return max(mean, LEAST_INSIDE)


def _bounds(cell: Cell) -> tuple[datetime, datetime]:
    """The period's ends, the later one first: it is the shorter delay."""
    return cell.best.time.end, cell.best.time.begin
