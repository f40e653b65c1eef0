"""Which P and S picks are of one event, and where and when it was.

1. at every point of a coarse grid the picks' origin times are stacked: where many agree
   to within what the grid's step explains, there is a candidate
2. the candidate with most free picks is refined: picks and place in turn, each station
   and phase giving the one pick that fits best, outliers weighed down
3. it is an event if the odds are for it: births, volume of what is left open, picks
   and misses; its picks are taken, and again from 2
4. at the end all events are refined once more, each pick with the event it fits best
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from trucewatch.fuse.acoustic.elementary import exp_of, log_of
from trucewatch.fuse.acoustic.linear import cholesky, inverse, solved
from trucewatch.fuse.seismic.phases import (
    FREEDOM,
    PhasePicks,
    Reals,
    SeismicSettings,
    Stations,
    Whole,
    log_law,
    logs,
    p_detect,
    sigma_s,
    total,
    travel_s,
)

STEP_M = 25_000.0
DEPTHS_M = 25_000.0
AGREE_S = 4.0  # origin times of one event differ by so much half a step off
ROUNDS = 8
GATE_RATIO = 6.0  # in scales; the first rounds are wider
FIRST_GATE_S = 5.0
DAY_S = 86_400.0
SIZES = np.array([1e3, 1e3, 1e3, 1.0])  # metres and seconds per unit of the solver
LOG_TURN = 1.8378770664093453  # log of 2 pi


@dataclass(frozen=True, slots=True)
class SeismicEvent:
    """One event.

    Attributes:
        x_m: east.
        y_m: north.
        depth_m: below the zero of elevations.
        time_s: of the origin.
        spread: covariance of x, y, depth (m) and time (s), 4 by 4, as rows.
        p: that there was such an event.
        picks: rows of its picks, ascending.
    """

    x_m: float
    y_m: float
    depth_m: float
    time_s: float
    spread: tuple[tuple[float, ...], ...]
    p: float
    picks: tuple[int, ...]


def associate_phases(
    stations: Stations, picks: PhasePicks, settings: SeismicSettings
) -> tuple[SeismicEvent, ...]:
    """Events in order of time; no pick belongs to two.

    The order of picks never matters, except for the numbers of rows given back.
    """
    if len(picks.time_s) < settings.picks_least:
        return ()
    order = np.lexsort((picks.is_s, picks.station, picks.time_s))
    work = _Work(
        stations,
        PhasePicks(
            time_s=picks.time_s[order],
            station=picks.station[order],
            is_s=picks.is_s[order],
        ),
        settings,
    )
    found = work.events()
    return tuple(
        SeismicEvent(
            x_m=float(fit.state[0]),
            y_m=float(fit.state[1]),
            depth_m=float(fit.state[2]),
            time_s=float(fit.state[3]),
            spread=tuple(tuple(row) for row in fit.spread.tolist()),
            p=1 / (1 + exp_of(-fit.score)),
            picks=tuple(sorted(order[fit.picks].tolist())),
        )
        for fit in sorted(found, key=lambda one: float(one.state[3]))
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    state: Reals
    spread: Reals
    picks: Whole
    score: float


class _Work:
    """All picks, which of them are free, and the points of the grid."""

    def __init__(
        self, stations: Stations, picks: PhasePicks, settings: SeismicSettings
    ) -> None:
        self.stations, self.picks, self.settings = stations, picks, settings
        self.phase = picks.is_s.astype(np.int64)
        self.slot = picks.station * 2 + self.phase
        self.free = np.ones(len(picks.time_s), np.bool_)
        span_s = max(float(np.ptp(picks.time_s)), 60.0)
        count = np.bincount(self.slot, minlength=2 * len(stations.x_m))
        self.log_clutter = logs((count + 1) / span_s)
        self.grid = _grid(stations, settings)
        self.bounds = np.array([self.grid[:, :3].min(axis=0), self.grid.max(axis=0)])
        east_m, north_m, deep_m = np.ptp(self.bounds, axis=0).tolist()
        per_day = settings.events_per_day / (east_m * north_m * deep_m)
        self.log_births = log_of(per_day / DAY_S)

    def events(self) -> list[_Fit]:
        """Events until no candidate is one."""
        queue = [
            (-count, node, at)
            for node in range(len(self.grid))
            for count, at in self._stacked(node)
        ]
        heapq.heapify(queue)
        found: list[_Fit] = []
        while queue:
            count, node, at = heapq.heappop(queue)
            now = self._count(node, at)
            if now < self.settings.picks_least:
                continue
            if now < -count:
                heapq.heappush(queue, (-now, node, at))
                continue
            fit = self._refined(np.array([*self.grid[node], at]))
            if fit is not None and fit.score > 0:
                self.free[fit.picks] = False
                found.append(fit)
        return self._settled(found)

    def _settled(self, found: list[_Fit]) -> list[_Fit]:
        """All events once more, the strongest first, all picks free again."""
        self.free[:] = True
        kept = []
        for one in sorted(found, key=lambda fit: (-fit.score, float(fit.state[3]))):
            fit = self._refined(one.state)
            least = log_of(self.settings.p_least / (1 - self.settings.p_least))
            if fit is not None and fit.score > least:
                self.free[fit.picks] = False
                kept.append(fit)
        return kept

    def _origins(self, node: int) -> Reals:
        """Origin times of all picks, were their event at a point of the grid."""
        at = np.array([*self.grid[node], 0.0])
        expected, _ = travel_s(at, self.stations, self.settings)
        return np.asarray(self.picks.time_s - expected[self.phase, self.picks.station])

    def _stacked(self, node: int) -> list[tuple[int, float]]:
        """Counts and times at which many origin times agree, one per stretch."""
        origin = np.sort(self._origins(node))
        last = np.searchsorted(origin, origin + AGREE_S, side="right")
        count = last - np.arange(len(origin))
        found = []
        for k in np.flatnonzero(count >= self.settings.picks_least).tolist():
            around = count[max(k - 12, 0) : k + 13]
            if count[k] == around.max() and k == max(k - 12, 0) + int(around.argmax()):
                middle = float(np.median(origin[k : last[k]]))
                found.append((int(count[k]), middle))
        return found

    def _count(self, node: int, at_s: float) -> int:
        near = np.abs(self._origins(node) - at_s) <= AGREE_S / 2
        return int(np.count_nonzero(near & self.free))

    def _refined(self, state: Reals) -> _Fit | None:
        """Picks and place in turn; ``None`` where too few picks remain."""
        fit = None
        for turn in range(ROUNDS):
            gate_s = FIRST_GATE_S if turn < ROUNDS // 2 else 0.0
            chosen = self._chosen(state, gate_s)
            if len(chosen) < self.settings.picks_least:
                return None
            state, spread = self._moved(state, chosen)
            fit = _Fit(state, spread, chosen, 0.0)
        if fit is None:
            return None
        chosen = self._chosen(state, 0.0)
        if len(chosen) < self.settings.picks_least:
            return None
        return _Fit(state, fit.spread, chosen, self._score(state, fit.spread, chosen))

    def _residuals(self, state: Reals, rows: Whole) -> tuple[Reals, Reals]:
        """Observed less expected, and its scale, both in seconds."""
        expected, _ = travel_s(state, self.stations, self.settings)
        took = expected[self.phase[rows], self.picks.station[rows]]
        late = self.picks.time_s[rows] - state[3] - took
        return late, sigma_s(took, self.settings)

    def _chosen(self, state: Reals, gate_s: float) -> Whole:
        """Of each station and phase the free pick that fits best, within the gate."""
        most_s = 1.5 * float(np.ptp(self.bounds)) / self.settings.s_mps
        first, last = np.searchsorted(
            self.picks.time_s, [state[3] - 10.0, state[3] + most_s]
        )
        rows = first + np.flatnonzero(self.free[first:last])
        late, scale = self._residuals(state, rows)
        within = np.abs(late) <= np.maximum(gate_s, GATE_RATIO * scale)
        rows, off = rows[within], np.abs(late / scale)[within]
        order = np.lexsort((rows, off, self.slot[rows]))
        rows = rows[order]
        starts = np.r_[True, np.diff(self.slot[rows]) > 0] if len(rows) else []
        return np.sort(rows[starts])

    def _moved(self, state: Reals, rows: Whole) -> tuple[Reals, Reals]:
        """One step of Gauss and Newton under Student's law, and the covariance."""
        late, scale = self._residuals(state, rows)
        weight = (FREEDOM + 1) / (FREEDOM + (late / scale) ** 2) / scale**2
        expected, away_m = travel_s(state, self.stations, self.settings)
        station = self.picks.station[rows]
        slow = expected[self.phase[rows], station] / away_m[station] ** 2
        slope = np.column_stack([
            (state[0] - self.stations.x_m[station]) * slow,
            (state[1] - self.stations.y_m[station]) * slow,
            (state[2] + self.stations.elevation_m[station]) * slow,
            np.ones(len(rows)),
        ])
        normal, pull = _sums(slope, weight, late)
        # Depth is barely known outside a network: a soft prior keeps it in the ground.
        depth_sd = self.settings.deepest_m / 3
        normal[2, 2] += 1 / depth_sd**2
        pull[2] += (self.settings.deepest_m / 4 - state[2]) / depth_sd**2
        normal[np.diag_indices(2)] += 1e-12
        # In kilometres the four unknowns are of one size, and no pivot is lost.
        factor = cholesky(normal * SIZES[:, None] * SIZES)
        step = solved(factor, pull * SIZES) * SIZES
        low, high = self.bounds
        moved = state + step
        moved[:3] = np.clip(moved[:3], [*low[:2], 0.0], [*high[:2], high[2]])
        return moved, inverse(factor) * SIZES[:, None] * SIZES

    def _score(self, state: Reals, spread: Reals, rows: Whole) -> float:
        """Log posterior odds. Source: MODEL 1.2."""
        late, scale = self._residuals(state, rows)
        _, away_m = travel_s(state, self.stations, self.settings)
        heard = p_detect(away_m, self.settings)
        missed = np.repeat(logs(1 - heard), 2)
        station = self.picks.station[rows]
        gains = logs(heard[station]) + log_law(late / scale, scale)
        gains -= self.log_clutter[self.slot[rows]] + missed[self.slot[rows]]
        # The determinant in kilometres, from its factor, and then in metres.
        low = cholesky(spread / SIZES[:, None] / SIZES)
        volume = 2 * LOG_TURN + total(logs(np.diag(low))) + total(logs(SIZES))
        return float(self.log_births + volume + total(missed) + total(gains))


def _sums(slope: Reals, weight: Reals, late: Reals) -> tuple[Reals, Reals]:
    """The normal matrix and the pull of weighed residuals, shapes (4, 4) and (4,)."""
    weighed = slope * weight[:, None]
    normal = [[total(weighed[:, i] * slope[:, j]) for j in range(4)] for i in range(4)]
    return np.array(normal), np.array([total(weighed[:, i] * late) for i in range(4)])


def _grid(stations: Stations, settings: SeismicSettings) -> Reals:
    """Points to start from: x, y and depth in metres, shape (n, 3)."""
    margin, step = settings.margin_m, STEP_M
    x = np.arange(stations.x_m.min() - margin, stations.x_m.max() + margin, step)
    y = np.arange(stations.y_m.min() - margin, stations.y_m.max() + margin, step)
    z = np.arange(0.0, settings.deepest_m + 1.0, DEPTHS_M)
    return np.stack(np.meshgrid(x, y, z, indexing="ij"), axis=-1).reshape(-1, 3)
