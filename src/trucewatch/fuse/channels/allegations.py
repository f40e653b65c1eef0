"""The word of a party: it measures nothing and weighs no more than a bound.

Source: MODEL 6.2, at most log 3 until rates of true and false claims are known. Over
all outlets of one party the bound holds once (``fuse.weigh``).
"""

from __future__ import annotations

from trucewatch.detect.strength import LOG10_PARTY_CAP
from trucewatch.fuse.cell import Cell
from trucewatch.fuse.law import Capacity
from trucewatch.fuse.state import Row, State


def capacity(cell: Cell) -> Capacity:
    """One: a word that could mean many incidents must not add to each."""
    return Capacity.ONE


def rows(cell: Cell, state: State) -> tuple[Row, ...]:
    """None: a word moves nothing and narrows nothing."""
    return ()


def log10_ratio(cell: Cell, state: State) -> float:
    """The claim's ratio, from nothing to the bound, wherever the incident is."""
    return max(0.0, min(cell.best.log10_likelihood_ratio, LOG10_PARTY_CAP))
