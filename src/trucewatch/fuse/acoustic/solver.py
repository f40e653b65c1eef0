"""The search on one stretch of time: candidates, volleys, packing, settling, births."""

from __future__ import annotations

import math

import numpy as np

from trucewatch.fuse.acoustic.audibility import learn_audibility
from trucewatch.fuse.acoustic.calibrate import observe, path_noise_ratio, update
from trucewatch.fuse.acoustic.clocks import correlated, jumps
from trucewatch.fuse.acoustic.crowding import crowding
from trucewatch.fuse.acoustic.elementary import log_of
from trucewatch.fuse.acoustic.learnt import Learnt, inform, known_off
from trucewatch.fuse.acoustic.levels import learn_levels, picks_of
from trucewatch.fuse.acoustic.merge import merged
from trucewatch.fuse.acoustic.network import Flags, Reals, Whole
from trucewatch.fuse.acoustic.packing import pack, prices, ranked
from trucewatch.fuse.acoustic.physics import NODE_S
from trucewatch.fuse.acoustic.rates import learn_rates
from trucewatch.fuse.acoustic.repetition import likely, repeats
from trucewatch.fuse.acoustic.revisit import revisited
from trucewatch.fuse.acoustic.scene import (
    BASE,
    BIAS,
    BIRTH,
    CLOCK,
    INAUDIBLE_DB,
    ORIGIN,
    PER_S,
    Scene,
    X,
    Y,
)
from trucewatch.fuse.acoustic.settings import DAY_S, EngineSettings
from trucewatch.fuse.acoustic.settle import assign, refined, relocate
from trucewatch.fuse.acoustic.soften import shares, soften
from trucewatch.fuse.acoustic.strewn import strewn, uneasy
from trucewatch.fuse.acoustic.surveys import AWAY, VARIANCE, Survey, set_right
from trucewatch.fuse.acoustic.thin import thinned
from trucewatch.fuse.acoustic.triples import Search, candidates
from trucewatch.fuse.acoustic.volleys import volleys
from trucewatch.fuse.acoustic.web import Web, weave

VOLLEY = np.array([10.0, 3.0])  # least worth of a place, least score of its peaks
STREWN = np.array([30.0, 3.0])  # peaks of a place, least score of a candidate
SELECT_GATE = (0.1, INAUDIBLE_DB)
JOINT_GATE = (0.15, INAUDIBLE_DB)
TYPICAL_LOG_VOLUME = 3.889  # log of 15 m, 15 m, 30 ms and the level of twelve picks
LEAST_PICKS = 4
LEAST_PER_DAY = 50.0
PICKS_PER_INCIDENT = 25
MOST = 400_000
ROUNDS = 3
BARGAINED, SETTLED = 15, 30  # rounds of prices: alone, and with mutual support
BORN = (0, 2)  # rounds in which the picks left over may bear incidents
LOOKED_AGAIN = (0, 1)  # rounds after which located places are searched for volleys
LOOKED_AROUND = (0, 1)  # rounds before which crowds are searched for shots mixed up
HOPELESS = -1.0  # candidates that prices leave less are not tried again
STRONG = 12.0
JUMPED_S = 0.1  # what a clock is good to that was found far off and set
FARTHER_S = 0.3  # a jump is only made to an offset that differs by more
CROWDED = 0.5  # of a volley the shots are mixed up alike: they count as fewer
WEAK = 4.0
CERTAIN = 4.0
ENOUGH_PICKS = 1500.0
ROUGH = Search(14, 2, 0.004, 12.0, 20.0)
FINE = Search(400, 3, 0.0, 5.0, 20.0)
BIRTHS = Search(400, 3, 0.0, -3.0, 20.0)
LAST = Search(400, 3, 0.0, -4.0, 20.0, False, 40, 60)
KNOWN_PLACE = np.array([10.0, -6.0])  # score of a place, and of what it repeats


class Solver:
    """One scene under work: incidents so far, and what is known of the air.

    Attributes:
        scene: the arrays, whose learnt parts are overwritten.
        incidents: rows of x, y, time, level, score, ascending in time.
        barren: picks that no place explained while all picks were free.
        air_cov: covariance of the medium's nodes.
        levels: what is known of levels, with what earlier blocks knew.
        offset: of clocks found far off and set (s); 0 for all others.
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
        time = scene.time
        self.span_s = max(float(time.max() - time.min()), 1.0)
        self.declared = declared
        self.offset = known_off(declared, before)
        self.surveyed = scene.node[:, X : Y + 1].copy()
        self.way = before.way
        scene.node[:, X : Y + 1] += before.way[:, AWAY]
        self.settings = settings
        self.forecast = scene.medium.copy()
        self.incidents: Reals = np.empty((0, 5))
        self.barren: Flags = np.zeros(scene.sensor.size, np.bool_)
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
        self.scene.node[:, CLOCK] = 1.0 / (1.0 / self.allowed() + data)
        return True

    def bootstrap(self) -> None:
        """Strong lone incidents solve for air and clocks, from wide gates inwards."""
        scene = self.scene
        scene.know[PER_S : BASE + 1] = (0.012, 0.02)
        self.expect(scene.sensor.size // PICKS_PER_INCIDENT)
        self._rates(60.0, shadows=False)
        found, _ = candidates(scene, self._sample(), ROUGH, MOST)
        self.choose(found, np.zeros(len(found)))
        self.expect(len(self.incidents))
        for turbulence, base in ((0.006, 0.015), (0.004, 0.012), (0.003, 0.010)):
            self.settle(10.0, repeated=False)
            self.calibrate()
            scene.know[PER_S : BASE + 1] = (turbulence, base)
        self.mend()
        self.forget()

    def ready(self) -> None:
        """Gates, clutter and births are as is known before any search."""
        self._gates()
        self._rates(60.0, shadows=False)
        self.expect(self.scene.sensor.size // PICKS_PER_INCIDENT)

    def search(self) -> None:
        """All incidents of the scene, from what is known of air and clocks."""
        self.ready()
        first, self.barren = candidates(self.scene, self._anchors(), FINE, MOST)
        self.choose(first, np.zeros(len(first)))
        self.expect(len(self.incidents))
        self.settle(3.0)
        self.mend()
        self.calibrate(levels=True)
        self._gates()
        pool = refined(unowned(self.scene), first, 0.06, 7.0)
        volley = self._volleys(np.concatenate([self.incidents, pool]))
        pool = np.concatenate([pool, volley])
        for k in range(ROUNDS):
            if k in LOOKED_AROUND:
                pool = np.concatenate([pool, self._strewn()])
            held = self.incidents.copy(), self.scene.owner.copy()
            pool = self.repack(pool, k % 2 == 1)
            if k in BORN:
                self.births()
            if k > 0:
                self.merge(*held)
            self.mend()
            self.calibrate(levels=True)
            self._gates()
            if k in LOOKED_AGAIN:
                pool = np.concatenate([pool, self._volleys(self.located()[0])])

    def repack(self, pool: Reals, shadows: bool) -> Reals:
        """Incidents and all other candidates compete for the picks anew.

        Returns the candidates that may win another time.
        """
        found = np.concatenate([self.incidents, pool])
        self.expect(len(self.incidents))
        self._rates(60.0 if shadows else 300.0, shadows)
        pool = self.choose(found, self.bonus(found), mutual=True)
        self._rates(60.0, shadows=True)
        self.settle(WEAK)
        return pool

    def finish(self) -> None:
        """The last births and the last assignment, with all that was learnt."""
        own = self.incidents, self.own_s
        self.levels = learn_audibility(self.scene, *own, self.levels)
        self._rates(60.0, shadows=True)
        self.settle(WEAK)
        self.expect(len(self.incidents))
        found, _ = candidates(self.scene, self._anchors(), LAST, MOST)
        again = revisited(self.scene, self.incidents, KNOWN_PLACE, MOST)
        self.bear(np.concatenate([found, again]))
        self._rates(60.0, shadows=True)
        self.settle(CERTAIN)

    def births(self) -> None:
        """Incidents that the picks left over make likely are added."""
        self._rates(60.0, shadows=True)
        self.expect(len(self.incidents))
        anchors = self._anchors()
        anchors = anchors[~self.barren[anchors]]
        found, _ = candidates(self.scene, anchors, BIRTHS, MOST)
        self.bear(found)

    def bear(self, found: Reals) -> None:
        """Of candidates of free picks the best together are incidents as well."""
        found = found[found[:, 4] + self.bonus(found) > 1.0]
        held, self.incidents = self.incidents, np.empty((0, 5))
        owner = self.scene.owner.copy()
        self.choose(found, self.bonus_of(found, held), owner >= 0)
        self.incidents = np.concatenate([held, self.incidents])
        self._sort()
        self.settle(WEAK)

    def choose(
        self,
        found: Reals,
        bonus: Reals,
        closed: np.ndarray | None = None,
        mutual: bool = False,
    ) -> Reals:
        """The candidates that together explain the picks best are the incidents.

        Returns the candidates to which the prices left something, or nearly.
        """
        scene = self.scene
        ranks, bonus = thinned(found, bonus)
        order = np.argsort(ranks[:, 2], kind="stable")  # neighbours share their picks
        found, bonus = ranks[order], bonus[order]
        web = weave(scene, found, SELECT_GATE)
        if closed is not None:
            web.worth[closed[web.pick]] = 0.0
        base = web.missed + bonus + scene.know[BIRTH] + TYPICAL_LOG_VOLUME
        price, begin = np.zeros(scene.sensor.size), 0
        if mutual:
            begin = BARGAINED
            value = prices(web, base, price, 0, begin)
            weight = likely(value + WEAK)
            base += repeats(found, found, weight, scene.know[BIRTH]) - bonus
        value = prices(web, base, price, begin, SETTLED)
        rank = np.empty(order.size, np.int64)
        rank[order] = np.arange(order.size)
        packed = pack(web, base, rank[ranked(value[rank])], scene.sensor.size, 6)
        self.incidents = found[packed.on].copy()
        self.incidents[:, 4] = packed.value[packed.on]
        self._sort()
        return ranks[value[rank] > HOPELESS]

    def merge(self, held: Reals, owner: Whole) -> None:
        """Groups in which the map held before was better are as they were."""
        self.incidents = merged((held, owner), (self.incidents, self.scene.owner))
        self._sort()
        self._rates(60.0, shadows=True)
        self.settle(WEAK)

    def settle(self, least_ratio: float, repeated: bool = True) -> None:
        """Picks go to their best owners; incidents move; the unlikely are dropped."""
        scene = self.scene
        web = weave(scene, self.incidents, JOINT_GATE)
        assign(web, ranked(web.worth), scene.owner)
        chosen = relocate(scene, self.incidents, 2)
        if repeated:
            order = np.argsort(self.incidents[:, 2], kind="stable")
            sorted_ = self.incidents[order]
            self.incidents[order, 4] += repeats(
                sorted_, sorted_, likely(sorted_[:, 4]), scene.know[BIRTH]
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
        strong = (self.incidents[:, 4] > STRONG) & (at >= begin) & (at < end)
        rows, owned, picks = picks_of(self.scene.owner, strong)
        if levels:
            self.levels = learn_levels(
                self.scene, self.incidents[rows], owned, picks, self.before.levels
            )
        alone = 1.0 / (1.0 + CROWDED * crowding(self.incidents).astype(np.float64))
        normal = observe(self.scene, self.incidents[rows], owned, picks, alone[rows])
        inform(normal, self.scene, self.before)
        prior = np.array([self.settings.air_speed_mps, self.settings.wind_mps])
        clock = np.stack([self.offset, self.allowed()], 1)
        self.air_cov = update(self.scene, normal, self.forecast, prior, clock)
        self.scene.node[:, CLOCK] += self.way[:, VARIANCE]

    def mend(self) -> None:
        """Clocks that are off by seconds are set, and solved for from there on."""
        strong = self.incidents[self.incidents[:, 4] > STRONG]
        offset = jumps(correlated(self.scene, strong, self.before.odds))
        off = np.abs(offset - self.scene.node[:, BIAS]) > FARTHER_S
        off &= offset != 0.0
        self.scene.node[off, BIAS] = offset[off]
        self.scene.node[off, CLOCK] = JUMPED_S * JUMPED_S
        self.offset[off] = offset[off]
        survey = Survey(self.surveyed, self.declared, self.offset != 0.0)
        self.way = set_right(self.scene, self.incidents, survey, self.way)

    def odds(self) -> Reals:
        """What the incidents of the scene's own time add to the odds of offsets."""
        (begin, end), at = self.own_s, self.incidents[:, 2]
        strong = (self.incidents[:, 4] > STRONG) & (at >= begin) & (at < end)
        return correlated(self.scene, self.incidents[strong], self.before.odds)

    def allowed(self) -> Reals:
        """Variances (s2) of clocks: as declared, but of those set anew."""
        return np.where(self.offset != 0.0, JUMPED_S * JUMPED_S, self.declared)

    def forget(self) -> None:
        """All picks are free and there are no incidents."""
        self.scene.owner[:] = -1
        self.incidents = np.empty((0, 5))

    def bonus(self, found: Reals) -> Reals:
        """The site prior of candidates beside the incidents so far."""
        return self.bonus_of(found, self.incidents)

    def bonus_of(self, found: Reals, incidents: Reals) -> Reals:
        """The site prior of candidates beside the given incidents."""
        return repeats(
            found, incidents, likely(incidents[:, 4]), self.scene.know[BIRTH]
        )

    def located(self) -> tuple[Reals, Reals, Web, Reals]:
        """Incidents where all they share puts them, covariances, bonds and shares."""
        scene, events = self.scene, self.incidents.copy()
        web = weave(scene, events, JOINT_GATE)
        share = shares(web, scene.sensor.size)
        return events, soften(scene, events, web, share, self.air_cov), web, share

    def _volleys(self, places: Reals) -> Reals:
        places = places[np.argsort(places[:, 2], kind="stable")]
        return volleys(unowned(self.scene), places, VOLLEY, MOST)

    def _strewn(self) -> Reals:
        crowd = crowding(self.incidents)
        places = uneasy(self.incidents, self.scene.owner, crowd)
        return strewn(unowned(self.scene), places, STREWN, MOST)

    def _anchors(self) -> Whole:
        free = np.nonzero(self.scene.owner < 0)[0]
        return free[np.argsort(self.scene.time[free], kind="stable")]

    def _sample(self) -> Whole:
        """Anchors of the first part of each node, as many as the air needs."""
        anchors = self._anchors()
        at = (self.scene.time[anchors] - self.scene.know[ORIGIN]) / NODE_S
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
