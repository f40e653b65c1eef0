"""The search on one stretch of time: candidates, sites, packing, settling, births."""

from __future__ import annotations

import math

import numpy as np

from trucewatch.fuse.acoustic.calibrate import observe, path_noise_ratio, update
from trucewatch.fuse.acoustic.elementary import log_of
from trucewatch.fuse.acoustic.learnt import Learnt, inform
from trucewatch.fuse.acoustic.levels import learn_levels
from trucewatch.fuse.acoustic.network import Reals, Whole
from trucewatch.fuse.acoustic.packing import pack, prices, ranked
from trucewatch.fuse.acoustic.physics import NODE_S
from trucewatch.fuse.acoustic.rates import learn_rates
from trucewatch.fuse.acoustic.scene import (
    BASE,
    BIRTH,
    CLOCK,
    ORIGIN,
    PER_S,
    TIME,
    Scene,
)
from trucewatch.fuse.acoustic.settings import DAY_S, EngineSettings
from trucewatch.fuse.acoustic.settle import assign, refined, relocate
from trucewatch.fuse.acoustic.sites import repeats, scan
from trucewatch.fuse.acoustic.thin import distinct
from trucewatch.fuse.acoustic.triples import Search, candidates
from trucewatch.fuse.acoustic.web import weave

STRONG = 8.0
SELECT_GATE_S = 0.1
JOINT_GATE_S = 0.15
TYPICAL_LOG_VOLUME = 3.889  # log of 15 m, 15 m, 30 ms and the level of twelve picks
LEAST_PICKS = 4
LEAST_PER_DAY = 50.0
PICKS_PER_INCIDENT = 25
MOST = 400_000
ROUNDS = 2
WEAK = 4.0
CERTAIN = 6.0
ENOUGH_PICKS = 1500.0
ROUGH = Search(14, 2, 0.004, 12.0, 20.0, 0)
FINE = Search(400, 4, 0.0, 5.0, 20.0, 0)
BIRTHS = Search(400, 4, 0.0, -3.0, 20.0, 0)


class Solver:
    """One scene under work: incidents so far, and what is known of the air.

    Attributes:
        scene: the arrays, whose learnt parts are overwritten.
        incidents: rows of x, y, time, level, score, ascending in time.
        air_cov: covariance of the medium's nodes.
        levels: what is known of levels, with what earlier blocks knew.
    """

    def __init__(
        self,
        scene: Scene,
        declared: Reals,
        settings: EngineSettings,
        before: Learnt,
        own_s: tuple[float, float],
    ) -> None:
        """A scene is given, with what was learnt before; it learns of its own time."""
        self.scene = scene
        self.own_s = own_s
        self.before = before
        self.levels = before.levels
        time = scene.picks[:, TIME]
        self.span_s = max(float(time.max() - time.min()), 1.0)
        self.declared = declared
        self.settings = settings
        self.forecast = scene.medium.copy()
        self.incidents: Reals = np.empty((0, 5))
        self.air_cov: Reals = np.zeros((scene.medium.size, scene.medium.size))

    def expect(self, incidents: int) -> None:
        """The birth density is that of so many incidents in the sector and span."""
        low_x, high_x, low_y, high_y = (float(b) for b in self.scene.know[:4])
        margin = 2.0 * self.settings.margin_m
        area = max((high_x - low_x - margin) * (high_y - low_y - margin), 1e8)
        span = self.span_s + self.before.watched_s
        most = max(
            incidents + float(self.before.incidents[0]), LEAST_PER_DAY * span / DAY_S
        )
        self.scene.know[BIRTH] = log_of(most / (area * span))

    def recall(self) -> bool:
        """Air, clocks and levels are as earlier blocks left them, if there were any.

        A clock is taken to be as good as it was declared, and as incidents have shown.
        """
        if math.isnan(self.before.air_s):
            return False
        self.calibrate(levels=True)
        data = self.before.clock[:, 0]
        self.scene.node[:, CLOCK] = 1.0 / (1.0 / self.declared + data)
        return True

    def bootstrap(self) -> None:
        """Strong lone incidents solve for air and clocks, from wide gates inwards."""
        scene = self.scene
        scene.know[PER_S : BASE + 1] = (0.012, 0.02)
        self.expect(scene.sensor.size // PICKS_PER_INCIDENT)
        self._rates(60.0, shadows=False)
        found, _ = candidates(scene, self._sample(), ROUGH, MOST)
        self.choose(found, np.zeros(len(found)))
        for turbulence, base in ((0.006, 0.015), (0.004, 0.012), (0.003, 0.010)):
            self.settle(10.0, repeated=False)
            self.calibrate()
            scene.know[PER_S : BASE + 1] = (turbulence, base)
        self.forget()

    def ready(self) -> None:
        """Gates, clutter and births are as is known before any search."""
        self._gates()
        self._rates(60.0, shadows=False)
        self.expect(self.scene.sensor.size // PICKS_PER_INCIDENT)

    def search(self) -> None:
        """All incidents of the scene, from what is known of air and clocks."""
        self.ready()
        first, _ = candidates(self.scene, self._anchors(), FINE, MOST)
        self.choose(first, np.zeros(len(first)))
        self.settle(3.0)
        self.calibrate(levels=True)
        self._gates()
        pool = refined(unowned(self.scene), first, 0.06, 7.0)
        pool = np.concatenate([
            pool,
            self._sites(np.concatenate([self.incidents, pool])),
        ])
        for _ in range(ROUNDS):
            self.repack(pool)
            self.births()
            self.calibrate(levels=True)
            self._gates()

    def repack(self, pool: Reals) -> None:
        """Incidents and all other candidates compete for the picks anew."""
        found = np.concatenate([self.incidents, pool])
        self.expect(len(self.incidents))
        self._rates(300.0, shadows=False)
        self.choose(found, self.bonus(found))
        self._rates(60.0, shadows=True)
        self.settle(WEAK)
        self.settle(WEAK)

    def finish(self) -> None:
        """The last assignment, with the final air."""
        self._rates(60.0, shadows=True)
        self.settle(WEAK)
        self.settle(CERTAIN)

    def births(self) -> None:
        """Incidents that the picks left over make likely are added."""
        self._rates(60.0, shadows=True)
        self.expect(len(self.incidents))
        found, _ = candidates(self.scene, self._anchors(), BIRTHS, MOST)
        found = found[found[:, 4] + self.bonus(found) > 1.0]
        held, self.incidents = self.incidents, np.empty((0, 5))
        owner = self.scene.owner.copy()
        self.choose(found, self.bonus_of(found, held), owner >= 0)
        self.incidents = np.concatenate([held, self.incidents])
        self._sort()
        self.settle(WEAK)

    def choose(
        self, found: Reals, bonus: Reals, closed: np.ndarray | None = None
    ) -> None:
        """The candidates that together explain the picks best are the incidents."""
        scene = self.scene
        found, bonus = thinned(found, bonus)
        web = weave(scene, found, SELECT_GATE_S)
        if closed is not None:
            web.worth[closed[web.pick]] = 0.0
        base = web.missed + bonus + scene.know[BIRTH] + TYPICAL_LOG_VOLUME
        value = prices(web, base, scene.sensor.size, 40)
        packed = pack(web, base, ranked(value), scene.sensor.size, 6)
        self.incidents = found[packed.on].copy()
        self.incidents[:, 4] = packed.value[packed.on]
        self._sort()

    def settle(self, least_ratio: float, repeated: bool = True) -> None:
        """Picks go to their best owners; incidents move; the unlikely are dropped."""
        scene = self.scene
        web = weave(scene, self.incidents, JOINT_GATE_S)
        assign(web, ranked(web.worth), scene.owner)
        chosen = relocate(scene, self.incidents, 2)
        if repeated:
            order = np.argsort(self.incidents[:, 2], kind="stable")
            sorted_ = self.incidents[order]
            self.incidents[order, 4] += repeats(
                sorted_, sorted_, STRONG, scene.know[BIRTH]
            )
        x, y = self.incidents[:, 0], self.incidents[:, 1]
        low_x, high_x, low_y, high_y = scene.know[:4]
        keep = (self.incidents[:, 4] > least_ratio) & (chosen >= LEAST_PICKS)
        keep &= (x > low_x) & (x < high_x) & (y > low_y) & (y < high_y)
        self._keep(keep)
        self._sort()

    def calibrate(self, levels: bool = False) -> None:
        """Air and clocks follow the incidents of the scene's own time."""
        begin, end = self.own_s
        at = self.incidents[:, 2]
        strong = (self.incidents[:, 4] > 12.0) & (at >= begin) & (at < end)
        picks = np.nonzero(self.scene.owner >= 0)[0]
        picks = picks[np.argsort(self.scene.owner[picks], kind="stable")]
        picks = picks[strong[self.scene.owner[picks]]]
        rows = np.nonzero(strong)[0]
        owned = np.searchsorted(self.scene.owner[picks], rows)
        owned = np.append(owned, len(picks)).astype(np.int64)
        if levels:
            self.levels = learn_levels(
                self.scene, self.incidents[rows], owned, picks, self.before.levels
            )
        normal = observe(self.scene, self.incidents[rows], owned, picks)
        inform(normal, self.scene, self.before)
        prior = np.array([self.settings.air_speed_mps, self.settings.wind_mps])
        self.air_cov = update(self.scene, normal, self.forecast, prior, self.declared)

    def forget(self) -> None:
        """All picks are free and there are no incidents."""
        self.scene.owner[:] = -1
        self.incidents = np.empty((0, 5))

    def bonus(self, found: Reals) -> Reals:
        """The site prior of candidates beside the incidents so far."""
        return self.bonus_of(found, self.incidents)

    def bonus_of(self, found: Reals, incidents: Reals) -> Reals:
        """The site prior of candidates beside the given incidents."""
        return repeats(found, incidents, STRONG, self.scene.know[BIRTH])

    def _sites(self, known: Reals) -> Reals:
        known = known[np.argsort(known[:, 2], kind="stable")]
        free = unowned(self.scene)
        return scan(free, self.incidents, np.array([14.0, 7.0]), known, MOST)

    def _anchors(self) -> Whole:
        free = np.nonzero(self.scene.owner < 0)[0]
        return free[np.argsort(self.scene.picks[free, TIME], kind="stable")]

    def _sample(self) -> Whole:
        """Anchors of the first part of each node, as many as the air needs."""
        anchors = self._anchors()
        at = (self.scene.picks[anchors, TIME] - self.scene.know[ORIGIN]) / NODE_S
        share = ENOUGH_PICKS * (self.span_s / NODE_S) / max(len(anchors), 1)
        sample: Whole = anchors[at - np.floor(at) < share]
        return sample

    def _rates(self, window_s: float, shadows: bool) -> None:
        span = self.span_s + self.before.watched_s
        learn_rates(self.scene, self.before.clutter, span, window_s, shadows)

    def _gates(self) -> None:
        noise = path_noise_ratio(self.settings.turbulence_ratio, self.air_cov)
        self.scene.know[PER_S : BASE + 1] = (noise, self.settings.base_s)

    def _keep(self, keep: np.ndarray) -> None:
        row = np.full(len(keep) + 1, -1, np.int64)
        row[:-1][keep] = np.arange(keep.sum())
        self.scene.owner[:] = row[self.scene.owner]
        self.incidents = self.incidents[keep]

    def _sort(self) -> None:
        order = np.lexsort((*self.incidents[:, :2].T, self.incidents[:, 2]))
        row = np.full(len(order) + 1, -1, np.int64)
        row[order] = np.arange(len(order))
        if self.scene.owner.max(initial=-1) < len(order):
            self.scene.owner[:] = row[self.scene.owner]
        self.incidents = np.ascontiguousarray(self.incidents[order])


def unowned(scene: Scene) -> Scene:
    """The scene with all picks free."""
    return scene._replace(owner=np.full(scene.sensor.size, -1, np.int64))


def thinned(found: Reals, bonus: Reals) -> tuple[Reals, Reals]:
    """Candidates without the weaker ones of near-identical place and time."""
    order = ranked(found[:, 4] + bonus)
    found, bonus = found[order], bonus[order]
    keep = distinct(found, 15.0, 0.03)
    return np.ascontiguousarray(found[keep]), bonus[keep]
