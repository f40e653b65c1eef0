"""Join what has an area, or no place at all, with what says the same of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trucewatch.fuse.cell import Cell
from trucewatch.fuse.group import Group, grouped
from trucewatch.fuse.settings import FusionSettings
from trucewatch.period import Period


def unplaced(cells: Sequence[Cell], settings: FusionSettings) -> list[Group]:
    """Every cell in exactly one group: same words for the place, same time and branch.

    Such cells never meet a point: a raid over a country and a crater in it may or may
    not be the same thing, and nothing here could tell.
    """
    by_words: dict[tuple[object, ...], list[Cell]] = {}
    for one in cells:
        words = (one.branch, one.best.against, one.best.place)
        by_words.setdefault(words, []).append(one)
    return [
        grouped(run, settings)
        for same in by_words.values()
        for run in _runs(same, settings.p_same_raid)
    ]


def _runs(cells: Sequence[Cell], least: float) -> Iterator[list[Cell]]:
    """Cells in order of time, cut where one shares too little with all before it."""
    run: list[Cell] = []
    shared: Period | None = None
    for one in cells:
        time = one.best.time
        both = _overlap(shared, time) if shared else None
        if shared and both and both.duration_s >= least * _shorter(shared, time):
            run.append(one)
            shared = both
            continue
        if run:
            yield run
        run, shared = [one], time
    if run:
        yield run


def _overlap(one: Period, other: Period) -> Period | None:
    begin, end = max(one.begin, other.begin), min(one.end, other.end)
    return Period(begin, end) if begin < end else None


def _shorter(one: Period, other: Period) -> float:
    return min(one.duration_s, other.duration_s)
