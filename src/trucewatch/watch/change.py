"""The change command: a stack of pictures to evidence of change, tile by tile.

1. the state of earlier runs is opened; pictures it knows are not read again
2. the level of each new picture over its band's reference, from a coarse copy
3. every tile folds the new pictures into its moments and sums its places and probes
4. places are weighed against placebo dates of the same district; so are probes
5. every tile becomes part of a map of scores and log likelihood ratios
6. places with evidence enough are written for source ``sar_changes``
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from trucewatch.detect.change.assess import Assessment, assess
from trucewatch.detect.change.moments import Moments
from trucewatch.detect.change.places import Band
from trucewatch.detect.change.settings import ChangeSettings
from trucewatch.detect.change.speckle import level_db
from trucewatch.detect.change.strength import Background
from trucewatch.detect.change.tile import (
    Marked,
    Picture,
    Side,
    Summed,
    weighed,
    worked,
)
from trucewatch.errors import SourceError
from trucewatch.watch.change_places import Places
from trucewatch.watch.change_state import (
    Known,
    State,
    keep_moments,
    meaning_of,
    moments_in,
    opened,
)
from trucewatch.watch.pictures import Pixels, Scene, Stack, Window, coarse

_AT_ONCE = 16  # tiles handed to an executor together; bounds what waits in memory
_LEAST_PIXELS = 0.5  # of a place's pixels that must hold data in a picture
_SEED = 20_260_112

J = TypeVar("J")
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a stack."""

    stack: Stack
    places: Places
    since: datetime
    settings: ChangeSettings


@dataclass(frozen=True, slots=True)
class Changed:
    """What a run found.

    Attributes:
        folded: pictures that this run read.
        state: holds the moments of every tile.
    """

    wish: Wish
    places: Assessment
    pixels: Background
    names: tuple[str, ...]
    folded: int
    state: State


@dataclass(frozen=True, slots=True)
class _Job:
    stack: Stack
    window: Window
    scenes: tuple[tuple[Scene, Side, float], ...]
    marked: Marked
    settings: ChangeSettings
    kept: Path
    to_keep: Path
    merge: bool


def change(wish: Wish, folder: Path, executor: Executor | None) -> Changed:
    """Fold the new pictures of a stack into a state and weigh every place.

    Args:
        wish: what is asked.
        folder: of the state; may be empty.
        executor: on which tiles run; ``None`` runs them here.

    Raises:
        SourceError: if a picture or the state is unusable, or too few pictures or
            places are there to say anything.
    """
    meaning = meaning_of(wish.places, wish.settings)
    state = opened(folder, meaning)
    known = state.known() if state.generation else _nothing(wish)
    merge = _moved_on(known, wish)
    fresh = tuple(one for one in wish.stack.scenes if one.name not in set(known.names))
    if fresh or merge:
        following = state.following()
        known = _folded(wish, known, fresh, (state, following, merge), executor)
        following.keep(known)
        following.enforce(meaning)
        state = following
    try:
        places = assess(_bands(known), wish.since, wish.settings)
        # Moments of pixels know no order of pictures, so neither may their background.
        whole = replace(wish.settings, ahead=False)
        pixels = assess(_probe_bands(known), wish.since, whole).background
    except ValueError as error:
        msg = f"the pictures do not suffice: {error}"
        raise SourceError(msg) from error
    return Changed(wish, places, pixels, known.names, len(fresh), state)


def map_tiles(
    found: Changed, executor: Executor | None
) -> Iterator[tuple[Window, Pixels]]:
    """Signed score and log10 likelihood ratio of every tile, in order of the tiles.

    Raises:
        SourceError: if the state is unusable.
    """
    windows = found.wish.stack.grid.tiles(found.wish.settings.tile)
    jobs = (
        (found.state.tile(one), found.pixels, found.wish.settings) for one in windows
    )
    yield from zip(windows, _on(executor, _weighed, jobs), strict=True)


def _nothing(wish: Wish) -> Known:
    """The state before any picture: places and probes without series."""
    grid, settings = wish.stack.grid, wish.settings
    draw = np.random.Generator(np.random.Philox(_SEED))
    count = min(settings.probes, grid.rows * grid.columns)
    at = np.sort(draw.choice(grid.rows * grid.columns, count, replace=False))
    return Known(
        since=wish.since,
        names=(),
        power=np.zeros((wish.places.count, 0), np.float32),
        pixels=np.zeros((wish.places.count, 0), np.float32),
        probes_db=np.zeros((count, 0), np.float32),
        probes=np.column_stack(np.divmod(at, grid.columns)),
    )


def _moved_on(known: Known, wish: Wish) -> bool:
    """Whether the date was moved past all known pictures, so that all are background.

    Raises:
        SourceError: if it was moved among them: moments cannot be taken apart.
    """
    if wish.since == known.since:
        return False
    late = [t for t in map(_time_of, known.names) if t >= known.since]
    low, high = sorted((known.since, wish.since))
    if wish.since > known.since and all(t < wish.since for t in late):
        return True
    if any(low <= t < high for t in map(_time_of, known.names)):
        msg = (
            f"the state divides its pictures at {known.since.isoformat()} and some lie "
            f"between that and {wish.since.isoformat()}; name another --state folder"
        )
        raise SourceError(msg)
    return False


def _folded(
    wish: Wish,
    known: Known,
    fresh: tuple[Scene, ...],
    states: tuple[State, State, bool],
    executor: Executor | None,
) -> Known:
    """What is known with the new pictures, their moments written tile by tile."""
    state, following, merge = states
    levels, references = _levels(wish.stack, fresh, dict(known.references))
    scenes = tuple(
        (one, (one.band, one.time >= wish.since), levels[one.name]) for one in fresh
    )
    column = {one.name: at for at, one in enumerate(fresh)}
    power = np.zeros((wish.places.count, len(fresh)), np.float32)
    pixels = np.zeros_like(power)
    probes_db = np.full((len(known.probes), len(fresh)), np.nan, np.float32)

    def jobs() -> Iterator[_Job]:
        for window in wish.stack.grid.tiles(wish.settings.tile):
            _, inside = _inside(known.probes, window)
            marked = Marked(wish.places.numbers(window), inside)
            files = (state.tile(window), following.tile(window))
            yield _Job(wish.stack, window, scenes, marked, wish.settings, *files, merge)

    windows = wish.stack.grid.tiles(wish.settings.tile)
    for window, sums in zip(windows, _on(executor, _tile, jobs()), strict=True):
        which, _ = _inside(known.probes, window)
        for one in sums:
            at = column[one.name]
            power[one.numbers - 1, at] += one.power.astype(np.float32)
            pixels[one.numbers - 1, at] += one.pixels.astype(np.float32)
            probes_db[which, at] = one.probes_db
    return replace(
        known,
        since=wish.since,
        names=(*known.names, *column),
        power=np.hstack((known.power, power)),
        pixels=np.hstack((known.pixels, pixels)),
        probes_db=np.hstack((known.probes_db, probes_db)),
        references=references,
    )


def _levels(
    stack: Stack, fresh: Sequence[Scene], references: dict[str, Pixels]
) -> tuple[dict[str, float], dict[str, Pixels]]:
    found = {}
    for one in fresh:
        power = coarse(stack, one)
        found[one.name] = level_db(power, references.get(one.band))
        references.setdefault(one.band, power)
    return found, references


def _tile(job: _Job) -> list[Summed]:
    """Fold the new pictures into one tile, here or in another process."""
    margin = job.settings.margin
    wide = Window(
        row=job.window.row - margin,
        column=job.window.column - margin,
        rows=job.window.rows + 2 * margin,
        columns=job.window.columns + 2 * margin,
    )
    pictures = (
        Picture(scene.name, side, level, job.stack.read(scene, wide))
        for scene, side, level in job.scenes
    )
    moments = moments_in(job.kept)
    if job.merge:
        moments = _merged(moments)
    after, sums = worked(moments, pictures, job.marked, job.settings)
    keep_moments(job.to_keep, after)
    return sums


def _merged(moments: dict[Side, Moments]) -> dict[Side, Moments]:
    """All pictures so far as background."""
    found: dict[Side, Moments] = {}
    for (band, _), one in sorted(moments.items()):
        side = (band, False)
        found[side] = found[side].together(one) if side in found else one
    return found


def _weighed(job: tuple[Path, Background, ChangeSettings]) -> Pixels:
    path, background, settings = job
    return weighed(moments_in(path), background, settings)


def _inside(
    probes: NDArray[np.int64], window: Window
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which probes lie in a window, and where in it."""
    off = probes - np.array([window.row, window.column])
    inside = (off >= 0).all(axis=1)
    inside &= (off < np.array([window.rows, window.columns])).all(axis=1)
    return np.flatnonzero(inside), off[inside]


def _bands(known: Known) -> tuple[Band, ...]:
    """The series of every place, in decibels, by band and time."""
    most = known.pixels.max(axis=1, initial=0, keepdims=True)
    good = (known.pixels >= _LEAST_PIXELS * most) & (known.power > 0)
    ratio = np.where(good, known.power / np.maximum(known.pixels, 1), 1)
    values = np.where(good, 10 * np.log10(ratio.astype(np.float64)), np.nan)
    return _by_band(known.names, values)


def _probe_bands(known: Known) -> tuple[Band, ...]:
    return _by_band(known.names, known.probes_db.astype(np.float64))


def _by_band(names: Sequence[str], values: NDArray[np.float64]) -> tuple[Band, ...]:
    columns: dict[str, list[tuple[datetime, int]]] = {}
    for at, name in enumerate(names):
        columns.setdefault(name.rpartition("/")[0], []).append((_time_of(name), at))
    found = []
    for band, rows in sorted(columns.items()):
        ordered = sorted(rows)
        which = [at for _, at in ordered]
        found.append(Band(band, tuple(t for t, _ in ordered), values[:, which]))
    return tuple(found)


def _time_of(name: str) -> datetime:
    return datetime.fromisoformat(name.rpartition("/")[2])


def _on(
    executor: Executor | None, work: Callable[[J], K], jobs: Iterable[J]
) -> Iterator[K]:
    """Results in order of the jobs, a bounded number of jobs at a time."""
    if executor is None:
        yield from map(work, jobs)
        return
    waiting = iter(jobs)
    while some := list(islice(waiting, _AT_ONCE)):
        yield from executor.map(work, some)
