"""Blocks in their order: what one keeps and learns, the next ones are told.

Batch and stream both go this way, so that they end with the same incidents.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.axis import Axis, axis_of
from trucewatch.fuse.acoustic.block import Outcome, Task, solve_block
from trucewatch.fuse.acoustic.learnt import Learnt, nothing
from trucewatch.fuse.acoustic.network import (
    Flags,
    Network,
    Outages,
    Picks,
    Reals,
    Small,
    Weather,
    Whole,
)
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.solution import Solution
from trucewatch.fuse.acoustic.tiles import (
    AFTER_S,
    BEFORE_S,
    OVER_S,
    Tile,
    tiles_of,
)

US_PER_S = 1_000_000
LEAST_SENSORS = 3
EVER_S = 1e9

Run = Callable[[list[Task]], Iterable[Outcome]]


class Heap(NamedTuple):
    """Picks with whole microseconds for times, sorted by all columns in this order.

    Attributes:
        time_us: since the origin of times, shape (k,).
        sensor: row of the network.
        level_db: peak level, NaN where unknown, with snr_db.
        key: whoever gave the picks knows them by this.
    """

    time_us: Whole
    sensor: Whole | Small
    level_db: Reals
    snr_db: Reals
    key: Whole


class Cut(NamedTuple):
    """A stretch of time to be solved.

    Attributes:
        begin_us: its start, from which the task's times count.
        low_s: picks before this are not in it, nor those from high_s on.
        own_s: incidents from here on are its own.
    """

    begin_us: int
    low_s: float
    high_s: float
    own_s: float


class Part(NamedTuple):
    """What one block gave: its incidents in its own frame and times, and their picks.

    Attributes:
        epoch: which, with the tile's number.
        solution: its `pick` holds keys.
    """

    epoch: int
    tile: int
    solution: Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Weather and outages, in the frame of the files and seconds since the origin."""

    weather: Weather | None
    outages: Outages | None


class Course:
    """The course of one network from its first block to its last.

    Attributes:
        axis: the network's own frame.
        network: the nodes in it.
        tiles: how it is cut.
        learnt: what each tile knows.
        epoch: the last one that was closed, or None.
        used: keys of picks that are owned and could be heard by a later block,
            ascending, with their times (us).
    """

    def __init__(self, network: Network, settings: EngineSettings) -> None:
        self.axis: Axis = axis_of(network)
        self.network = self.axis.own(network)
        self.settings = settings
        self.tiles: tuple[Tile, ...] = tiles_of(self.network, settings.tile_m)
        self.learnt: list[Learnt] = [nothing(tile.row.size) for tile in self.tiles]
        self.epoch: int | None = None
        self.used: tuple[Whole, Whole] = (np.empty(0, np.int64), np.empty(0, np.int64))

    @property
    def length_us(self) -> int:
        """Length of an epoch."""
        return round(self.settings.epoch_s * US_PER_S)

    def window_us(self, epoch: int) -> tuple[int, int]:
        """The picks of this time are heard by the epoch's blocks, the end excluded."""
        begin = epoch * self.length_us
        low = begin - round(BEFORE_S * US_PER_S)
        return low, begin + self.length_us + round(AFTER_S * US_PER_S)

    def close(self, epoch: int, heap: Heap, around: Around, run: Run) -> list[Part]:
        """The incidents of an epoch, from the picks of its window; tiles in order.

        Epochs have to be closed in ascending order.
        """
        work = self.closing(epoch, heap, around)
        tasks = next(work)
        while True:
            try:
                tasks = work.send(list(run(tasks)))
            except StopIteration as done:
                parts: list[Part] = done.value
                return parts

    def closing(
        self, epoch: int, heap: Heap, around: Around
    ) -> Generator[list[Task], list[Outcome], list[Part]]:
        """Gives tasks that may run side by side, takes their outcomes; twice.

        Whoever takes the tasks may empty the list.
        """
        parts: list[Part] = []
        begin_s = epoch * self.settings.epoch_s
        first = self.epoch is None
        cut = Cut(
            begin_us=epoch * self.length_us,
            low_s=-EVER_S if first else -BEFORE_S,
            high_s=self.settings.epoch_s + AFTER_S,
            own_s=-EVER_S if first else -OVER_S,
        )
        for odd in (False, True):
            free = ~np.isin(heap.key, self.used[0])
            chosen, tasks, keys = [], [], []
            for k, tile in enumerate(self.tiles):
                if tile.odd != odd:
                    continue
                if made := self.task(k, heap, free, (around, cut)):
                    chosen.append(k)
                    tasks.append(made[0])
                    keys.append(made[1])
            outcomes = yield tasks
            for k, key, done in zip(chosen, keys, outcomes, strict=True):
                self.learnt[k] = _moved(done.after, begin_s)
                found = replace(done.solution, pick=key[done.solution.pick])
                parts.append(Part(epoch, k, found))
            self._use(heap, [part.solution.pick for part in parts])
        self.epoch = epoch
        late = self.used[1] >= self.window_us(epoch + 1)[0]
        self.used = (self.used[0][late], self.used[1][late])
        return sorted(parts, key=lambda part: part.tile)

    def _use(self, heap: Heap, picks: list[Whole]) -> None:
        """The picks are owned from now on."""
        every = np.concatenate([self.used[0], *picks])
        mine = np.isin(heap.key, every)
        order = np.argsort(heap.key[mine], kind="stable")
        self.used = (heap.key[mine][order], heap.time_us[mine][order])

    def task(
        self, k: int, heap: Heap, free: Flags, when: tuple[Around, Cut]
    ) -> tuple[Task, Whole] | None:
        """The task of a tile and the keys of its picks; None if there is none.

        Only picks that are `free` are in it, of the stretch of time that `when` cuts.
        """
        (around, cut), tile = when, self.tiles[k]
        local = np.full(self.network.x_m.size, -1, np.int64)
        local[tile.row] = np.arange(tile.row.size)
        mine = np.flatnonzero((local >= 0)[heap.sensor] & free)
        if tile.row.size < LEAST_SENSORS or not mine.size:
            return None
        picks = Picks(
            time_s=(heap.time_us[mine] - cut.begin_us) / US_PER_S,
            sensor=local[heap.sensor[mine]],
            level_db=heap.level_db[mine],
            snr_db=heap.snr_db[mine],
        )
        begin_s = cut.begin_us / US_PER_S
        task = Task(
            network=tile.network,
            picks=picks,
            weather=_later(self.axis.wind(around.weather), begin_s),
            outages=_outages(tile, local, around.outages, cut),
            settings=self.settings,
            before=_moved(self.learnt[k], -begin_s),
            begin_s=cut.own_s,
            bounds_m=(tile.low_m, tile.high_m),
        )
        return task, heap.key[mine]


def _outages(tile: Tile, local: Whole, outages: Outages | None, cut: Cut) -> Outages:
    """Outages of a tile within a cut, and all that lies before and after it."""
    every, high = np.arange(tile.row.size), np.full(tile.row.size, cut.high_s)
    sensor, down, up = [every], [high], [high + EVER_S]
    if cut.low_s > -EVER_S:
        sensor.append(every)
        down.append(high - EVER_S)
        up.append(np.full(tile.row.size, cut.low_s))
    if outages is not None:
        begin_s, row = cut.begin_us / US_PER_S, local[outages.sensor]
        from_s = np.maximum(outages.down_s - begin_s, cut.low_s)
        until_s = np.minimum(outages.up_s - begin_s, cut.high_s)
        within = (row >= 0) & (from_s < until_s)
        sensor.append(row[within])
        down.append(from_s[within])
        up.append(until_s[within])
    return Outages(
        sensor=np.concatenate(sensor),
        down_s=np.concatenate(down),
        up_s=np.concatenate(up),
    )


def runner(executor: Executor | None) -> Run:
    """Tasks are solved here in turn, or by an executor; results in their order."""
    if executor is None:
        return lambda tasks: map(solve_block, tasks)
    return lambda tasks: executor.map(solve_block, tasks)


def heaped(picks: Picks, rank: Whole | None = None) -> Heap:
    """Picks in their one order; `rank` decides between those that agree in all else.

    The key of a pick is its row.
    """
    time = np.rint(picks.time_s * US_PER_S).astype(np.int64)
    last = np.zeros(time.size, np.int64) if rank is None else rank
    order = np.lexsort((last, picks.snr_db, picks.level_db, picks.sensor, time))
    return Heap(
        time[order],
        picks.sensor[order],
        picks.level_db[order],
        picks.snr_db[order],
        order.astype(np.int64),
    )


def between(heap: Heap, window_us: tuple[int, int]) -> Heap:
    """The picks of a stretch of time, the end excluded."""
    low, high = np.searchsorted(heap.time_us, window_us).tolist()
    return Heap(
        heap.time_us[low:high],
        heap.sensor[low:high],
        heap.level_db[low:high],
        heap.snr_db[low:high],
        heap.key[low:high],
    )


def _moved(known: Learnt, by_s: float) -> Learnt:
    """The same with other times; exact, since all are whole seconds."""
    return known._replace(until_s=known.until_s + by_s, air_s=known.air_s + by_s)


def _later(weather: Weather | None, begin_s: float) -> Weather | None:
    if weather is None:
        return None
    return replace(weather, time_s=weather.time_s - begin_s)
