"""Picks as they come, incidents as soon as they can be told, and once more when sure.

A stream closes the same blocks as the batch, each when the clock has passed its end by
the time sound takes and the time picks may be late; so its final incidents are those of
the batch, byte for byte. In between it tells provisional ones.
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np

from trucewatch.fuse.acoustic.buffer import (
    NONE,
    Chunk,
    chosen,
    chunk_of,
    heap_of,
    held,
    joined,
)
from trucewatch.fuse.acoustic.closing import Closing, Window
from trucewatch.fuse.acoustic.course import (
    EVER_S,
    US_PER_S,
    Around,
    Course,
    Cut,
    Part,
)
from trucewatch.fuse.acoustic.engine import located
from trucewatch.fuse.acoustic.live import LIVE_S, glimpse
from trucewatch.fuse.acoustic.network import Flags, Network, Picks, Whole
from trucewatch.fuse.acoustic.physics import NODE_S
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.tiles import AFTER_S, BEFORE_S, OVER_S, epochs_of
from trucewatch.fuse.acoustic.told import Book, versions
from trucewatch.fuse.acoustic.version import Status, Version

LATENESS_S = 30.0
_NEVER_US = 2**62


@dataclass(frozen=True, slots=True)
class Refused:
    """A pick that was not used, and why."""

    pick_id: str
    reason: str


class Stream:
    """One network, listened to.

    Attributes:
        course: the blocks so far, and what they taught.
        lateness_s: a pick may come so long after the clock has passed its time.
        now_s: where the clock stands, seconds since the origin of times.
        refused: picks that were not used; whoever reads them may clear the list.
        ready: what is to be said with the next `advance`.
    """

    def __init__(
        self,
        network: Network,
        settings: EngineSettings,
        lateness_s: float = LATENESS_S,
        executor: Executor | None = None,
    ) -> None:
        """A stream that has heard nothing; the executor solves blocks beside it.

        Raises:
            ValueError: if the lateness is not a time.
        """
        if not 0.0 <= lateness_s < EVER_S:
            msg = f"lateness of {lateness_s} s; a time of 0 or more is needed"
            raise ValueError(msg)
        self.course = Course(network, settings)
        self.lateness_s = lateness_s
        self.now_s = -np.inf
        self.around = Around(weather=None, outages=None)
        self.refused: list[Refused] = []
        self.ready: list[Version] = []
        self.book = Book()
        self.waiting: list[Chunk] = []
        self._first_us = _NEVER_US
        self.fresh: list[Chunk] = []
        self.recent = NONE
        self.count = 0
        self._executor = executor
        self._closing: Closing | None = None

    @property
    def busy(self) -> bool:
        """Whether an epoch is being closed: `advance` has work without picks."""
        return self._closing is not None

    @property
    def behind(self) -> bool:
        """Whether the next epoch is over as well, while one is being closed.

        Then picks come faster than blocks are solved: `complete` waits for these.
        """
        if self._closing is None:
            return False
        end_us = self.course.window_us(self._closing.epoch + 1)[1]
        return end_us <= (self.now_s - self.lateness_s) * US_PER_S

    def tell(self, around: Around) -> None:
        """Weather and outages are these from now on.

        Of both, what concerns an epoch has to be told before the epoch is closed.
        """
        self.around = around

    def feed(self, picks: Picks, pick_id: list[str]) -> None:
        """The picks wait for their blocks; those that came too late are refused."""
        chunk = chunk_of(picks, pick_id, self.count)
        self.count += len(pick_id)
        late = chunk.time_us < (self.now_s - self.lateness_s) * US_PER_S
        for row in np.flatnonzero(late).tolist():
            behind = self.now_s - chunk.time_us[row] / US_PER_S
            why = (
                f"came {behind:.1f} s after its time; picks may be "
                f"{self.lateness_s:g} s late"
            )
            self.refused.append(Refused(chunk.name[row].decode(), why))
        chunk = chosen(chunk, ~late)
        self.hold(chunk)
        self.fresh.append(chunk)

    def advance(self, now_s: float) -> list[Version]:
        """What there is to say now that the clock has come this far.

        At most one block is solved in a call; with an executor, none.
        """
        self.now_s = max(self.now_s, now_s)
        out, self.ready = self.ready + self._glimpses(), []
        if self._closing is None:
            self._open(self.now_s - self.lateness_s)
        return out + self._step()

    def finish(self) -> list[Version]:
        """All that is left is closed: no pick will come any more."""
        out = self.ready + self._glimpses() + self.complete()
        self.ready = []
        while self._open(np.inf):
            out += self.complete()
        return out + self.book.settle([], np.inf)

    def complete(self) -> list[Version]:
        """The epoch that is being closed is closed; what it says."""
        out: list[Version] = []
        while self._closing is not None:
            self._closing.wait()
            out += self._step()
        return out

    # Closing

    def _open(self, horizon_s: float) -> bool:
        """The next epoch is being closed, if there is one that may be."""
        if self._earliest_end_us() > horizon_s * US_PER_S:
            return False
        time_us = np.concatenate([one.time_us for one in (NONE, *self.waiting)])
        epochs = epochs_of(time_us, self.course.settings.epoch_s)
        if self.course.epoch is not None:
            epochs = [epoch for epoch in epochs if epoch > self.course.epoch]
        if not epochs:
            return False
        if self.course.window_us(epochs[0])[1] > horizon_s * US_PER_S:
            return False
        given = (self.course, epochs[0], self.waiting, self.around)
        self._closing = Closing(*given, self._executor)
        self._first_us = _NEVER_US
        return True

    def _earliest_end_us(self) -> float:
        """No epoch that may be closed next has a window that ends before this."""
        if self._first_us == _NEVER_US:
            return np.inf
        course = self.course
        first = (self._first_us - round(AFTER_S * US_PER_S)) // course.length_us
        if course.epoch is not None:
            first = max(first, course.epoch + 1)
        return course.window_us(first)[1]

    def hold(self, chunk: Chunk) -> None:
        """The picks wait for their blocks."""
        if chunk.time_us.size:
            held(self.waiting, chunk)
            self._first_us = min(self._first_us, int(chunk.time_us.min()))

    def _step(self) -> list[Version]:
        """One more block is solved, or looked after; what a closed epoch says."""
        closing = self._closing
        if closing is None:
            return []
        parts = closing.step()
        later, again = closing.left()
        self.hold(later)
        for name in again.tolist():
            why = "stands more than once; the earliest of its picks is used"
            self.refused.append(Refused(name.decode(), why))
        if parts is None or closing.window is None:
            return []
        self._closing = None
        return self._finals(closing.epoch, closing.window, parts)

    def _finals(self, epoch: int, window: Window, parts: list[Part]) -> list[Version]:
        final: list[Version] = []
        for part in parts:
            solution = located(self.course, part)
            names = window.names_of(solution.pick)
            final += versions(solution, names, Status.FINAL)
        end_s = (epoch + 1) * self.course.settings.epoch_s
        return self.book.settle(final, end_s - OVER_S)

    # Provisional incidents

    def _glimpses(self) -> list[Version]:
        """What the picks since the last call tell at once; nothing without a clock."""
        if not np.isfinite(self.now_s):
            return []
        fresh = joined(self.fresh)
        ahead = fresh.time_us > self.now_s * US_PER_S
        fresh, self.fresh = chosen(fresh, ~ahead), [chosen(fresh, ahead)]
        since_us = round((self.now_s - LIVE_S - BEFORE_S) * US_PER_S)
        recent = joined([self.recent, fresh])
        new = np.zeros(recent.time_us.size, np.bool_)
        new[self.recent.time_us.size :] = True
        order = np.lexsort((recent.serial, recent.sensor, recent.time_us))
        order = order[recent.time_us[order] >= since_us]
        self.recent, new = chosen(recent, order), new[order]
        out: list[Version] = []
        if not new.any():
            return out
        owner = np.array(
            [self.book.claim.get(one.decode(), -1) for one in self.recent.name],
            np.int64,
        )
        for k in range(len(self.course.tiles)):
            out += self._look(k, new, owner)
        return out

    def _look(self, k: int, new: Flags, owner: Whole) -> list[Version]:
        """What the last minute tells in a tile; `owner` follows."""
        mine = self.book.active(k, self.now_s - LIVE_S)
        free = (owner < 0) | np.isin(owner, mine)
        begin_us = int((self.now_s - LIVE_S - BEFORE_S) // NODE_S) * round(
            NODE_S * US_PER_S
        )
        begin_s = begin_us / US_PER_S
        cut = Cut(begin_us, -EVER_S, self.now_s - begin_s, -EVER_S)
        made = self.course.task(k, heap_of(self.recent), free, (self.around, cut))
        if made is None:
            return []
        task, keys = made
        rows = _rows_of(self.recent, keys)
        if not new[rows].any():
            return []
        old = np.array([self.book.told[n].event for n in mine]).reshape(-1, 5)
        old[:, 2] -= begin_s
        seen = glimpse(task, new[rows], old)
        names = [one.decode() for one in self.recent.name[rows[seen.solution.pick]]]
        part = Part(0, k, seen.solution)
        placed = located(self.course, part)
        out: list[Version] = []
        shown = versions(placed, names, Status.PROVISIONAL)
        for e, version in enumerate(shown):
            event = seen.events[e].copy()
            event[2] += begin_s
            now = replace(version, time_s=version.time_s + begin_s)
            which = mine[seen.row[e]] if seen.row[e] >= 0 else -1
            number, told = self.book.tell(which, k, event, now)
            owner[rows[seen.solution.pick[seen.solution.incident == e]]] = number
            out += [told] if told else []
        return out


def _rows_of(chunk: Chunk, serial: Whole) -> Whole:
    order = np.argsort(chunk.serial, kind="stable")
    rows: Whole = order[np.searchsorted(chunk.serial[order], serial)]
    return rows
