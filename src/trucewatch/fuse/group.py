"""Cells taken as one incident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trucewatch.agreement.taxonomy import Act
from trucewatch.detect.ellipse import Covariance, covariance_of
from trucewatch.fuse.cell import Cell, shared_kind
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.weigh import Weighed, weigh
from trucewatch.period import Period
from trucewatch.place import Place


@dataclass(frozen=True, slots=True)
class Group:
    """Cells taken as one incident.

    Attributes:
        keys: independence keys of the cells.
        sealed: keys of channels that told their own hypotheses apart already: no two
            of one such key are ever one incident.
        covariance: of the place in m2; ``None`` where there is only an area.
        window: of ``weighed``, kept because every neighbour asks for it.
        log10_shifts: by key, what sharing with other incidents changed of its odds.
        names: of its cells, as far as a person ruled on them.
    """

    cells: tuple[Cell, ...]
    weighed: Weighed
    kind: Act
    keys: frozenset[str]
    sealed: frozenset[str]
    window: Period
    covariance: Covariance | None = None
    log10_shifts: tuple[tuple[str, float], ...] = ()
    names: frozenset[str] = frozenset()


def grouped(cells: Sequence[Cell], settings: FusionSettings) -> Group:
    """The cells as one group."""
    keys = frozenset(one.best.independence for one in cells)
    sealed = frozenset(one.best.independence for one in cells if one.moment)
    weighed = weigh(cells, settings)
    place = weighed.place
    covariance = covariance_of(place) if isinstance(place, Place) else None
    kind = shared_kind(cells)
    window = weighed.window
    return Group(tuple(cells), weighed, kind, keys, sealed, window, covariance)


def joined_anyway(parts: Sequence[Group], settings: FusionSettings) -> Group:
    """The parts as one group that answers to their names, whatever the model prefers.

    No part has a cell in common with another.
    """
    cells = sorted((c for part in parts for c in part.cells), key=_begin)
    names = frozenset(name for part in parts for name in part.names)
    return replace(grouped(cells, settings), names=names)


def _begin(cell: Cell) -> tuple[object, ...]:
    return cell.best.time.begin, cell.content
