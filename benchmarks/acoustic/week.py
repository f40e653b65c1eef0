"""A week of a network followed as it comes: what it holds, costs and says.

Run: ``python benchmarks/acoustic/week.py --out WORK [--days 7] [--seed 1]
[--plot FILE.svg]``. 500 nodes, 2,000 incidents a day with quiet nights, two picks in
three are clutter, clocks that drift, nodes that fail; every pick comes some seconds
late, so that picks come out of order. The clock goes in steps of 30 s, and second by
second in five minutes of each six hours. Once a day the stream is stopped, and a new
one goes on from the bytes kept. In the end its incidents are compared with those of
the whole week solved at once. Seconds are processor time of one thread.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from bench import given
from simulate import simulate
from stopwatch import Delays, quantiles, rss_mb
from world import Scene

from trucewatch.fuse.acoustic.checkpoint import restore, saved
from trucewatch.fuse.acoustic.course import Around
from trucewatch.fuse.acoustic.engine import solve
from trucewatch.fuse.acoustic.network import Picks
from trucewatch.fuse.acoustic.settings import EngineSettings
from trucewatch.fuse.acoustic.solution import Solution
from trucewatch.fuse.acoustic.stream import Stream
from trucewatch.fuse.acoustic.version import Status, Version, name_of
from trucewatch.watch.acoustic_files import Heard
from trucewatch.watch.associate import warm_up

DAY_S, QUARTER_S = 86_400.0, 21_600.0
FINE_S, COARSE_STEP_S = 300.0, 30.0  # of each six hours; the other steps
LATE_S, MOST_LATE_S = 2.0, 25.0  # mean and most that a pick comes late
WEEK = Scene(per_day=2_000, clutter_ratio=0.67, night_ratio=0.1, drift_s_per_day=0.006)


@dataclass(slots=True)
class Quarter:
    """Six hours of the week.

    Attributes:
        steps_s: cost of each step in which no block was closed.
        closing_s: cost of all steps in which one was.
        picks: that came.
    """

    picks: int = 0
    closing_s: float = 0.0
    memory_mb: float = 0.0
    steps_s: list[float] = field(default_factory=list)
    delays_s: list[float] = field(default_factory=list)


class Said:
    """What a stream said, as far as it has to be judged; so little that it is kept.

    Attributes:
        finals: a row of each final incident, hashed.
        wrong: versions that do not follow the last one of their name.
        last: the last version of each name: origin, revision, status.
    """

    def __init__(self) -> None:
        self.count = dict.fromkeys(Status, 0)
        self.finals: list[bytes] = []
        self.wrong = 0
        self.last: dict[str, tuple[str, int, Status]] = {}

    def note(self, told: list[Version]) -> None:
        """Some more was said."""
        for one in told:
            self.count[one.status] += 1
            origin, revision, status = self.last.get(one.name, (None, 0, None))
            follows = one.supersedes == origin and one.revision == revision + 1
            follows &= status in {None, Status.PROVISIONAL}
            self.wrong += not follows
            self.last[one.name] = (one.origin, one.revision, one.status)
            if one.status == Status.FINAL:
                where = (one.time_s, one.x_m, one.y_m, one.probability)
                self.finals.append(row_hash(one.origin, where, one.cov))

    def unfinished(self) -> int:
        """Names whose last version is not the last word."""
        return sum(one[2] == Status.PROVISIONAL for one in self.last.values())


def row_hash(name: str, where: tuple[float, ...], cov: np.ndarray) -> bytes:
    """An incident as bytes that are equal only if every bit is."""
    cells = np.array(where).tobytes() + np.ascontiguousarray(cov).tobytes()
    return sha256(name.encode() + cells).digest()


class Week:
    """A stream over a set, stopped and taken up again every day."""

    def __init__(self, heard: Heard, settings: EngineSettings, seed: int) -> None:
        self.heard, self.settings = heard, settings
        rng, n = np.random.default_rng(seed), heard.picks.time_s.size
        late = np.minimum(rng.exponential(LATE_S, n), MOST_LATE_S)
        self.comes_s = heard.picks.time_s + late
        self.order = np.argsort(self.comes_s, kind="stable")
        self.sorted_s = self.comes_s[self.order]
        self.stream = self._new()
        self.quarters: list[Quarter] = []
        self.said = Said()
        self.checkpoint_mb: list[float] = []
        self.refused = 0

    def _new(self) -> Stream:
        stream = Stream(self.heard.network, self.settings)
        stream.tell(Around(weather=self.heard.weather, outages=self.heard.outages))
        return stream

    def run(self, days: float) -> None:
        """All steps of the clock, then the end."""
        delays, before_s = Delays(), 0.0
        for now_s, fine in steps(days):
            k = int(min(before_s, days * DAY_S - 1.0) // QUARTER_S)
            if k == len(self.quarters):
                self._turn(k)
            quarter, rows = self.quarters[k], self._rows(before_s, now_s)
            cost_s, busy = self._step(rows, now_s, delays if fine else None)
            quarter.picks += rows.size
            quarter.closing_s += cost_s if busy else 0.0
            if fine:
                quarter.steps_s += [] if busy else [cost_s]
                quarter.delays_s += delays.take()
            before_s = now_s
        self._turn(len(self.quarters))
        self.said.note(self.stream.finish())
        self.refused += len(self.stream.refused)

    def _rows(self, begin_s: float, end_s: float) -> np.ndarray:
        low, high = np.searchsorted(self.sorted_s, (begin_s, end_s))
        return self.order[low:high]

    def _turn(self, k: int) -> None:
        """Six hours are over; every fourth time the stream is stopped."""
        if self.quarters:
            self.quarters[-1].memory_mb = rss_mb()
        self.quarters.append(Quarter())
        if k and k % 4 == 0:
            self.refused += len(self.stream.refused)
            data = saved(self.stream)
            self.checkpoint_mb.append(len(data) / 1e6)
            self.stream = self._new()
            restore(self.stream, data)

    def _step(
        self, rows: np.ndarray, now_s: float, delays: Delays | None
    ) -> tuple[float, bool]:
        ids = [f"p{row}" for row in rows.tolist()]
        picks = self.heard.picks
        part = {name: getattr(picks, name)[rows] for name in Picks.__slots__}
        busy = self.stream.busy
        began = time.thread_time()
        self.stream.feed(Picks(**part), ids)
        told = self.stream.advance(now_s)
        cost_s = time.thread_time() - began
        if delays is not None:
            delays.note(told, now_s + cost_s, ids, self.comes_s[rows])
        self.said.note(told)
        return cost_s, busy or self.stream.busy


def steps(days: float) -> Iterator[tuple[float, bool]]:
    """Where the clock stands after each step, and whether that is one of a second."""
    now_s = 0.0
    while now_s < days * DAY_S + MOST_LATE_S:
        fine = QUARTER_S / 2 <= now_s % QUARTER_S < QUARTER_S / 2 + FINE_S
        now_s += 1.0 if fine else COARSE_STEP_S
        yield now_s, fine


def finals_of(found: Solution) -> list[bytes]:
    """The incidents of a batch, hashed as those of a stream."""
    edges = np.searchsorted(found.incident, np.arange(found.time_s.size + 1)).tolist()
    rows = []
    for k, (a, b) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        name = name_of(tuple(sorted(f"p{row}" for row in found.pick[a:b].tolist())))
        where = (found.time_s[k], found.x_m[k], found.y_m[k], found.probability[k])
        rows.append(row_hash(name, where, found.cov[k]))
    return rows


def digest(rows: list[bytes]) -> str:
    """One hash of all, whatever their order."""
    return sha256(b"".join(sorted(rows))).hexdigest()[:16]


def report_of(week: Week, batch: Solution, batch_s: float) -> dict[str, object]:
    """What is printed."""
    every = [one for one in week.quarters if one.picks]
    said, wanted = week.said, finals_of(batch)
    return {
        "picks": int(week.sorted_s.size),
        "refused": week.refused,
        "incidents_of_batch": len(wanted),
        "batch_s": round(batch_s, 1),
        "finals": said.count[Status.FINAL],
        "provisional_versions": said.count[Status.PROVISIONAL],
        "withdrawn": said.count[Status.WITHDRAWN],
        "same_as_batch": digest(said.finals) == digest(wanted),
        "digest": digest(said.finals),
        "names_out_of_order": said.wrong,
        "names_without_an_end": said.unfinished(),
        "restarts": len(week.checkpoint_mb),
        "checkpoint_mb": [round(one, 2) for one in week.checkpoint_mb],
        "delay_s": quantiles([s for one in every for s in one.delays_s]),
        "quarters": [
            {
                "picks": one.picks,
                "memory_mb": round(one.memory_mb),
                "closing_us_per_pick": round(1e6 * one.closing_s / one.picks, 1),
                "step_ms": quantiles([1e3 * s for s in one.steps_s]),
                "delay_s": quantiles(one.delays_s),
            }
            for one in every
        ],
    }


def draw(report: dict[str, object], file: Path) -> None:
    """Picks, memory, cost of a step and of a pick over the days, one above another."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams.update({"svg.hashsalt": "week", "svg.fonttype": "none"})
    quarters = report["quarters"]
    assert isinstance(quarters, list)
    day = np.arange(len(quarters)) / 4 + 0.125
    rows = {
        "picks in 6 h": [one["picks"] for one in quarters],
        "memory, MB": [one["memory_mb"] for one in quarters],
        "closing, µs per pick": [one["closing_us_per_pick"] for one in quarters],
    }
    figure = Figure(figsize=(7.0, 8.5), layout="constrained")
    panels = figure.subplots(5, 1, sharex=True)
    for panel, (label, values) in zip(panels, rows.items(), strict=False):
        panel.plot(day, values, "o-", markersize=3)
        panel.set(ylabel=label, ylim=(0, None))
    for panel, name, label in (
        (panels[3], "step_ms", "a step, ms"),
        (panels[4], "delay_s", "told after fifth pick, s"),
    ):
        for part, mark in (("p50", "o-"), ("max", "^:")):
            values = [one[name].get(part, np.nan) for one in quarters]
            panel.plot(day, values, mark, markersize=3, label=part)
        panel.set(ylabel=label, ylim=(0, None))
        panel.legend(loc="upper right", fontsize=7)
    for panel in panels:
        panel.grid(alpha=0.3)
    panels[-1].set_xlabel("day of the week")
    figure.savefig(file, metadata={"Date": None})


def prepared(work: Path, days: float, seed: int) -> Heard:
    """The simulated set, kept in a folder."""
    folder = work / f"week-{days:g}-{seed}"
    if not (folder / "truth_met.csv").is_file():
        span_s = days * DAY_S
        names = {name: getattr(WEEK, name) for name in Scene.__slots__}
        simulate(Scene(**(names | {"span_s": span_s})), seed, folder)
    return given(folder)


def main() -> None:
    ask = argparse.ArgumentParser(description="A week of the stream.")
    ask.add_argument("--out", type=Path, required=True)
    ask.add_argument("--days", type=float, default=7.0)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--plot", type=Path, help="needs matplotlib")
    chosen = ask.parse_args()
    heard, settings = prepared(chosen.out, chosen.days, chosen.seed), EngineSettings()
    warm_up(solve, settings)
    week = Week(heard, settings, chosen.seed)
    week.run(chosen.days)
    began = time.process_time()
    batch = solve(heard.network, heard.picks, heard.weather, heard.outages, settings)
    report = report_of(week, batch, time.process_time() - began)
    print(json.dumps(report, indent=1))
    if chosen.plot:
        draw(report, chosen.plot)


if __name__ == "__main__":
    main()
