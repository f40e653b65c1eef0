"""Sound between a round and the nodes around it.

Richer than what the engine assumes: paths bent by wind and temperature, shadows against
the wind, late arrivals, echoes, noise that grows with the wind, clocks that drift.
Sources: ``air`` and ``refraction``; spherical spreading.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.exercise.air import (
    BAND_HZ,
    GROUND_DB_PER_KM,
    ZERO_C_K,
    Air,
    absorbed_db_per_km,
    with_wind_db,
)
from trucewatch.exercise.dice import Dice, away, exp, log10
from trucewatch.exercise.refraction import (
    ALOFT_K_PER_M_RATIO,
    MPS_PER_K,
    on_the_way,
)
from trucewatch.exercise.truth import DAY_S, Happening, Stage

Reals = NDArray[np.float64]
REACH_M = 25_000.0
DEAD_S = 0.15
HEARD_DB = 12.0
STEEP_RATIO = 0.1  # rise over run from which ducts and shadows near the ground fade
ALOFT_RATIO = 1.2  # of the wind that sound meets to that at 10 m
LN10_20 = 0.11512925464970229  # of amplitudes in decibels


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes as they truly are, arrays of shape (n,).

    Attributes:
        bias_s: offset of the clock; ``declared_s`` its deviation as declared.
        drift_ratio: seconds its clock gains in a second.
        site_db: how much louder the node hears than others.
        down_s: from when until when it is deaf, shape (n, 2); NaN for never.
    """

    x_m: Reals
    y_m: Reals
    bias_s: Reals
    declared_s: Reals
    drift_ratio: Reals
    noise_db: Reals
    site_db: Reals
    clutter_per_s: Reals
    down_s: Reals


def network_of(stage: Stage, rng: Dice) -> Network:
    """Nodes strewn over both sides, some clocks bad, some out for hours."""
    asked, ground = stage.scenario.nodes, stage.scenario.sector
    n = asked.count
    half = 0.5 * ground.length_m
    x = rng.uniform(-half, half, n)
    line = np.interp(x, stage.line_x_m, stage.line_y_m)
    off = rng.uniform(300.0, ground.depth_m, n) * np.where(rng.random(n) < 0.5, -1, 1)
    steered = rng.random(n) < asked.gps_ratio
    declared = np.where(steered, 0.003, 0.03)
    broken = rng.random(n) < asked.broken_ratio
    wrong = rng.uniform(1, 5, n) * np.where(rng.random(n) < 0.5, -1, 1)
    rate = rng.lognormal(0.0, 0.7, n)
    rate *= asked.clutter_per_day / DAY_S / max(rate.mean(), 1e-9) if n else 1.0
    out = rng.random(n) < asked.outage_ratio
    start = rng.uniform(0, stage.span_s, n)
    lasts = rng.uniform(3600, 6 * 3600, n)
    down = np.where(out[:, None], np.column_stack([start, start + lasts]), np.nan)
    return Network(
        x_m=x,
        y_m=line + off,
        bias_s=np.where(broken, wrong, rng.normal(0, declared)),
        declared_s=declared,
        # A clock that nothing steers runs off until its declared error is used up.
        drift_ratio=np.where(steered, 0.0, rng.normal(0, declared) / stage.span_s),
        noise_db=rng.normal(62, 4, n),
        site_db=rng.normal(0, 3, n),
        clutter_per_s=rate,
        down_s=down,
    )


@dataclass(frozen=True, slots=True)
class Picks:
    """Onsets that nodes noticed, arrays of shape (k,)."""

    time_s: Reals
    node: NDArray[np.int64]
    level_db: Reals
    snr_db: Reals

    @classmethod
    def joined(cls, parts: list[Picks]) -> Picks:
        """All picks of several parts, by time and node."""
        columns = [
            np.concatenate([getattr(one, name) for one in parts])
            for name in ("time_s", "node", "level_db", "snr_db")
        ]
        order = np.lexsort((columns[1], columns[0]))
        return cls(*(column[order] for column in columns))

    def only(self, keep: NDArray[np.bool_]) -> Picks:
        """The picks that are kept."""
        return Picks(
            self.time_s[keep], self.node[keep], self.level_db[keep], self.snr_db[keep]
        )


def rounds_of(one: Happening, begin_s: float, rng: Dice) -> tuple[Reals, Reals]:
    """Every round of a happening: time, east, north, up, shape (n, 4); level, (n,).

    All at once where the happening has no length; from its spots where it has any.
    """
    if one.spots:
        claps = [(begin_s + s.after_s, s.x_m, s.y_m, s.height_m) for s in one.spots]
        return np.array(claps), one.level_db + rng.normal(0, 1.5, len(claps))
    after = np.sort(rng.uniform(0, max(one.length_s, 1e-9), one.rounds))
    after -= after[0]
    loud = one.level_db + rng.normal(0, 1.5, one.rounds)
    off = rng.normal(0, one.scatter_m, (one.rounds, 2))
    spots = np.array([one.x_m, one.y_m]) + off
    return np.column_stack([begin_s + after, spots, np.zeros(one.rounds)]), loud


def heard(net: Network, air: Air, rounds: Reals, level_db: Reals, rng: Dice) -> Picks:
    """Picks of rounds: time (s), east, north, up (m), shape (n, 4), and level at 1 km.

    The air is that of the first round; they are minutes apart at most.
    """
    dx = net.x_m - rounds[:, 1:2]
    dy = net.y_m - rounds[:, 2:3]
    r = np.maximum(away(dx, dy), 20.0)
    one, near = np.nonzero(r < REACH_M)
    dx, dy, up = dx[one, near], dy[one, near], rounds[one, 3]
    tau, bent_db = travel(air, float(rounds[0, 0]), dx, dy, up)
    r = away(r[one, near], up)
    km = r / 1000.0
    level = level_db[one] - 20 * log10(km) - _lost_db(air, rounds[0, 0]) * (km - 1.0)
    level += bent_db + net.site_db[near] + rng.normal(0, 4.0, r.size)
    _, u, v, _ = air.at(float(rounds[0, 0]))
    noise = with_wind_db(net.noise_db, float(away(u, v)))[near]
    snr = level - noise + rng.normal(0, 1.5, r.size)
    noticed = rng.random(r.size) < 1 / (1 + exp(-(snr - HEARD_DB) / 2))
    snr, level, tau = snr[noticed], level[noticed], tau[noticed]
    begun, near = rounds[one[noticed], 0], near[noticed]
    onset = np.minimum(0.006 + 0.04 * exp(-(snr - 10) * LN10_20), 0.2)
    late = rng.exponential(0.15, near.size) * (rng.random(near.size) < 0.06)
    error = rng.normal(0, 1, near.size) * away(onset, 0.002 * tau) + late
    arrived = begun + tau
    clock = net.bias_s[near] + net.drift_ratio[near] * arrived
    direct = Picks(arrived + error + clock, near, level, snr)
    again = rng.random(near.size) < 0.12
    loss = np.abs(rng.normal(6, 3, near.size))
    gap = DEAD_S + rng.exponential(0.5, near.size)
    echo = Picks(direct.time_s + gap, near, level - loss, snr - loss)
    return Picks.joined([direct, echo.only(again & (snr - loss > HEARD_DB - 1))])


def travel(
    air: Air, at_s: float, dx_m: Reals, dy_m: Reals, up_m: Reals | float = 0.0
) -> tuple[Reals, Reals]:
    """Travel time (s) over displacements, and change of level by bending (dB).

    ``up_m`` is how high above the ground the sound begins: it comes down straight,
    through air as cold as the standard atmosphere has it, and what bends sound near
    the ground bends it the less the steeper it comes.

    Source: ``refraction`` along the way; wind across it makes the way through the air
    longer, to second order.
    """
    sound, u, v, lapse = air.at(at_s)
    r = np.maximum(away(dx_m, dy_m), 20.0)
    along = (u * dx_m + v * dy_m) / r
    gain, bent_db = on_the_way(r, along, lapse)
    across = u * u + v * v - along * along
    colder = 0.5 * MPS_PER_K * ALOFT_K_PER_M_RATIO * up_m  # on average over the way
    flat = exp(-(up_m / r) / STEEP_RATIO)
    speed = sound + gain - across / (2 * sound) + colder
    return away(r, up_m) / speed, bent_db * flat


def drift_mps(air: Air, at_s: float, dx_m: float, dy_m: float) -> float:
    """Wind across a way (m/s), to the right positive, where its sound travels.

    Fronts are carried aside; what arrives seems to come from upwind of the source by
    the angle whose tangent is this over the speed of sound. First arrivals over 1 to 20
    km meet 1.0 to 1.5 of the wind at 10 m (``refraction.bent``); 1.2 stands for all.
    """
    _, u, v, _ = air.at(at_s)
    r = max(float(away(dx_m, dy_m)), 20.0)
    return ALOFT_RATIO * (u * dy_m - v * dx_m) / r


def boomed(
    net: Network, air: Air, way: tuple[Reals, float, float], level_db: float, rng: Dice
) -> Picks:
    """Picks of the boom of an aircraft faster than sound.

    Args:
        net: who may hear it.
        air: of that hour.
        way: time and place of begin and end, shape (2, 3), its height (m) and the
            reach to either side (m).
        level_db: under the way; it falls with the distance to the power 3/4.
        rng: draws.

    Source: a cone of Mach angle; the delay is distance x sqrt(M^2 - 1) / speed.
    """
    (begin, x0, y0), (end, x1, y1) = way[0].tolist()
    length = float(away(x1 - x0, y1 - y0))
    fast = length / (end - begin)
    ex, ey = (x1 - x0) / length, (y1 - y0) / length
    along = (net.x_m - x0) * ex + (net.y_m - y0) * ey
    aside = (net.x_m - x0) * ey - (net.y_m - y0) * ex
    slant = away(aside, way[1])
    sound, _, _, _ = air.at(begin)
    delay = slant * np.sqrt((fast / sound) ** 2 - 1.0) / fast
    level = level_db - 15.0 * log10(slant / way[1]) + net.site_db
    level += rng.normal(0, 3.0, level.size)
    emitted = along - slant / np.sqrt((fast / sound) ** 2 - 1.0)
    there = (emitted >= 0) & (emitted <= length) & (np.abs(aside) <= way[2])
    snr = level - net.noise_db
    near = np.flatnonzero(there & (snr > HEARD_DB))
    at = begin + along / fast + delay + net.bias_s + rng.normal(0, 0.02, level.size)
    return Picks(at[near], near, level[near], snr[near])


def _lost_db(air: Air, at_s: float) -> float:
    """What air and ground take in a kilometre, beside spreading, dB."""
    k = min(int(at_s // 600.0), air.temp_c.size - 1)
    wet = float(air.humidity_ratio[k])
    kelvin = float(air.temp_c[k]) + ZERO_C_K
    return absorbed_db_per_km(BAND_HZ, kelvin, wet) + GROUND_DB_PER_KM


def clutter(net: Network, span_s: float, rng: Dice) -> Picks:
    """Noises nobody asked for, at each node's own rate."""
    counts = rng.poisson(net.clutter_per_s * span_s)
    node = np.repeat(np.arange(counts.size), counts)
    snr = HEARD_DB - 1 + rng.exponential(5.0, node.size)
    level = net.noise_db[node] + snr + rng.normal(0, 0.5, node.size)
    return Picks(rng.uniform(0, span_s, node.size), node, level, snr)


def awake(net: Network, picks: Picks) -> Picks:
    """Without what nodes missed while they were out or still ringing."""
    down = net.down_s[picks.node]
    out = (picks.time_s >= down[:, 0]) & (picks.time_s < down[:, 1])
    picks = picks.only(~out & (picks.time_s >= 0))
    order = np.lexsort((picks.time_s, picks.node))
    gap = np.diff(picks.time_s[order], prepend=-np.inf)
    same = np.diff(picks.node[order], prepend=-1) == 0
    ringing = np.zeros(order.size, np.bool_)
    ringing[order] = same & (gap < DEAD_S)
    return picks.only(~ringing)
