"""Reports of a place by its name: an ellipse by precision, a period by rounding.

Channel H of MODEL 1.3. The source makes the ellipse from the precision code and the
period from the depth of rounding; the detector weighs how often what happens is printed
against how often what is printed did not happen there and then. A report of a day may
speak of every incident of that day in its place.
"""

from __future__ import annotations

from trucewatch.fuse.cell import Cell
from trucewatch.fuse.law import Capacity, ellipse_rows, plain_ratio
from trucewatch.fuse.state import Row, State


def capacity(cell: Cell) -> Capacity:
    """Many."""
    return Capacity.MANY


def rows(cell: Cell, state: State) -> tuple[Row, ...]:
    """The offset from the place that is named."""
    return ellipse_rows(cell, state)


def log10_ratio(cell: Cell, state: State) -> float:
    """The report's ratio less the misfit to its place and period."""
    return plain_ratio(cell, state)
