"""An epoch of a stream that is being closed: its picks in order, then its blocks.

With an executor both are done beside the stream, which goes on telling meanwhile.
"""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Executor, Future
from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.block import Outcome, Task, solve_block
from trucewatch.fuse.acoustic.buffer import (
    NONE,
    Chunk,
    Names,
    chosen,
    heap_of,
    in_order,
)
from trucewatch.fuse.acoustic.course import Around, Course, Heap, Part
from trucewatch.fuse.acoustic.network import Whole

Work = Generator[list[Task], list[Outcome], list[Part]]


class Window(NamedTuple):
    """The picks that an epoch's blocks hear.

    Attributes:
        heap: in the one order of picks; their keys are their numbers.
        name: of each.
    """

    heap: Heap
    name: Names

    def names_of(self, keys: Whole) -> list[str]:
        """The ids of some of its picks, in the order of the keys."""
        mine = np.flatnonzero(np.isin(self.heap.key, keys))
        mine = mine[np.argsort(self.heap.key[mine], kind="stable")]
        rows = mine[np.searchsorted(self.heap.key[mine], keys)]
        return [one.decode() for one in self.name[rows].tolist()]


def window_of(
    chunks: list[Chunk], window_us: tuple[int, int], later_us: int
) -> tuple[Window, Chunk, Names]:
    """What a window hears of the picks that wait; what goes on waiting; repeated ids.

    Picks from `later_us` on go on waiting, some of which the window hears too. The
    chunks are taken out of their list, so that they are not held in memory twice.
    """
    chunk, again = in_order(chunks)
    low, high, later = np.searchsorted(chunk.time_us, (*window_us, later_us)).tolist()
    heard = chosen(chunk, slice(low, high))
    rest = np.arange(later, chunk.time_us.size)
    return Window(heap_of(heard), heard.name), chosen(chunk, rest), again


class Closing:
    """One epoch of a course on its way.

    Attributes:
        epoch: which.
        window: its picks; None until they are in order.
    """

    def __init__(
        self,
        course: Course,
        epoch: int,
        chunks: list[Chunk],
        around: Around,
        executor: Executor | None,
    ) -> None:
        """The work has begun: on the executor if there is one, else it waits.

        The chunks are those of all picks that wait; the list is emptied.
        """
        self.epoch = epoch
        self.window: Window | None = None
        self._left = (NONE, NONE.name)
        self._course, self._around, self._executor = course, around, executor
        later_us = course.window_us(epoch + 1)[0]
        wanted = (chunks[:], course.window_us(epoch), later_us)
        chunks.clear()
        self._sorting = executor.submit(window_of, *wanted) if executor else None
        if self._sorting is None:
            self._take_window(*window_of(*wanted))
        self._work: Work | None = None
        self._tasks: list[Task] = []
        self._wanted = 0
        self._outcomes: list[Outcome | Future[Outcome]] = []

    def left(self) -> tuple[Chunk, Names]:
        """Picks for the next epoch, and ids that came again; both are given once."""
        given = self._left
        self._left = (NONE, NONE.name)
        return given

    def wait(self) -> None:
        """What the executor has to do for the next step is done."""
        if self._sorting is not None:
            self._sorting.exception()
        for one in self._outcomes:
            if isinstance(one, Future):
                one.exception()

    def step(self) -> list[Part] | None:
        """The parts of the epoch once all is done, until then None.

        Without an executor one block is solved in a call.
        """
        if not self._sorted():
            return None
        if self._work is None:
            self._begin()
            return None
        if self._tasks:
            self._outcomes.append(solve_block(self._tasks.pop(0)))
        if len(self._outcomes) < self._wanted:
            return None
        if any(isinstance(one, Future) and not one.done() for one in self._outcomes):
            return None
        done = [
            one.result() if isinstance(one, Future) else one for one in self._outcomes
        ]
        return self._take(done)

    def _sorted(self) -> bool:
        if self._sorting is not None and self._sorting.done():
            self._take_window(*self._sorting.result())
            self._sorting = None
        return self.window is not None

    def _take_window(self, window: Window, later: Chunk, again: Names) -> None:
        self.window, self._left = window, (later, again)

    def _begin(self) -> None:
        """The first blocks are given out; the heap is held by their maker alone."""
        if self.window is None:
            return
        heap = self.window.heap
        self._work = self._course.closing(self.epoch, heap, self._around)
        self._give(next(self._work))

    def _take(self, done: list[Outcome]) -> list[Part] | None:
        """The next blocks are given out; of the last ones, the parts."""
        if self._work is None:
            return None
        try:
            self._give(self._work.send(done))
        except StopIteration as end:
            parts: list[Part] = end.value
            return parts
        return None

    def _give(self, tasks: list[Task]) -> None:
        """The list is emptied as they are solved: a task holds picks of its own."""
        self._tasks, self._wanted, self._outcomes = tasks, len(tasks), []
        while self._executor is not None and tasks:
            self._outcomes.append(self._executor.submit(solve_block, tasks.pop(0)))
