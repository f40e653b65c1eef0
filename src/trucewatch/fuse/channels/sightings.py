"""What an observer, a camera or a drone's analyst saw: a place in view and a time.

Channel F of MODEL 1.3. The source makes the ellipse from the geotag or the field of
view; the detector weighs how often such an act is seen against false sightings. One
act seen at one moment is one incident; "five explosions within the hour" is not.
"""

from __future__ import annotations

from trucewatch.fuse.cell import Cell
from trucewatch.fuse.law import Capacity, ellipse_rows, plain_ratio
from trucewatch.fuse.state import Row, State

MOMENT_S = 300.0  # a sighting over longer may be of several acts


def capacity(cell: Cell) -> Capacity:
    """One for a single act at a moment, else many."""
    single = cell.best.units in (None, 1) and cell.best.time.duration_s <= MOMENT_S
    return Capacity.ONE if single else Capacity.MANY


def rows(cell: Cell, state: State) -> tuple[Row, ...]:
    """The offset from the place in view."""
    return ellipse_rows(cell, state)


def log10_ratio(cell: Cell, state: State) -> float:
    """The sighting's ratio less the misfit to its place and period."""
    return plain_ratio(cell, state)
