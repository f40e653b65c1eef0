"""Sound between a round and the nodes around it.

Richer than what the engine assumes: wind in gusts, absorption and site terms drawn per
exercise, ducts and shadows along the wind, late arrivals, echoes, noise that grows with
the wind. Sources: speed of sound in dry air (linear in the temperature); ray of a
uniform wind, exact; spherical spreading.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.exercise.truth import DAY_S, Stage

Reals = NDArray[np.float64]
STEP_S = 600.0
REACH_M = 25_000.0
DEAD_S = 0.15
HEARD_DB = 12.0


@dataclass(frozen=True, slots=True)
class Air:
    """Temperature and wind over the sector, at steps of ``STEP_S``.

    Attributes:
        temp_c: air temperature near the ground; wind towards east and north in m/s.
    """

    temp_c: Reals
    wind_u_mps: Reals
    wind_v_mps: Reals

    def at(self, at_s: float) -> tuple[float, float, float]:
        """Sound speed and wind, all in m/s."""
        steps = np.arange(self.temp_c.size) * STEP_S
        temp, u, v = (
            float(np.interp(at_s, steps, column))
            for column in (self.temp_c, self.wind_u_mps, self.wind_v_mps)
        )
        return 331.3 + 0.606 * temp, u, v


def air_of(stage: Stage, rng: np.random.Generator) -> Air:
    """Days that warm and cool, and a wind that turns slowly."""
    at = np.arange(int(stage.span_s / STEP_S) + 2) * STEP_S
    day = np.sin(2 * np.pi * (at / DAY_S - 0.375))
    temp = rng.uniform(2, 20) + rng.uniform(2, 6) * day
    walk = rng.normal(0, 0.25, (2, at.size)).cumsum(1)
    walk -= np.linspace(0, 1, at.size) * walk[:, -1:]
    u, v = rng.normal(0, 3.0, (2, 1)) + walk
    return Air(temp + rng.normal(0, 0.2, at.size), u, v)


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes as they truly are, arrays of shape (n,).

    Attributes:
        bias_s: offset of the clock; ``declared_s`` its deviation as declared.
        site_db: how much louder the node hears than others.
        down_s: from when until when it is deaf, shape (n, 2); NaN for never.
    """

    x_m: Reals
    y_m: Reals
    bias_s: Reals
    declared_s: Reals
    noise_db: Reals
    site_db: Reals
    clutter_per_s: Reals
    down_s: Reals


def network_of(stage: Stage, rng: np.random.Generator) -> Network:
    """Nodes strewn over both sides, some clocks bad, some out for hours."""
    asked, ground = stage.scenario.nodes, stage.scenario.sector
    n = asked.count
    x = rng.uniform(-0.5 * ground.length_m, 0.5 * ground.length_m, n)
    line = np.interp(x, stage.line_x_m, stage.line_y_m)
    away = rng.uniform(300.0, ground.depth_m, n) * rng.choice([-1.0, 1.0], n)
    declared = np.where(rng.random(n) < asked.gps_ratio, 0.003, 0.03)
    bias = rng.normal(0, declared)
    broken = rng.random(n) < asked.broken_ratio
    bias = np.where(broken, rng.uniform(1, 5, n) * rng.choice([-1, 1], n), bias)
    rate = rng.lognormal(0, 0.7, n)
    rate *= asked.clutter_per_day / DAY_S / max(rate.mean(), 1e-9) if n else 1.0
    down = np.full((n, 2), np.nan)
    out = rng.random(n) < asked.outage_ratio
    start = rng.uniform(0, stage.span_s, n)
    down[out, 0] = start[out]
    down[out, 1] = start[out] + rng.uniform(3600, 6 * 3600, int(out.sum()))
    return Network(
        x_m=x,
        y_m=line + away,
        bias_s=bias,
        declared_s=declared,
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


def heard(
    net: Network,
    air: Air,
    spot: tuple[float, float, float, float],
    rng: np.random.Generator,
) -> Picks:
    """Picks of one round at ``spot``: time (s), east and north (m), level (dB)."""
    at_s, x_m, y_m, level_db = spot
    dx, dy = net.x_m - x_m, net.y_m - y_m
    r = np.maximum(np.hypot(dx, dy), 20.0)
    sound, u, v = air.at(at_s)
    along = (u * dx + v * dy) / r
    tau = r / (np.sqrt(sound**2 - (u * u + v * v - along**2)) + along)
    km = r / 1000.0
    duct = 5.0 * np.tanh(along / 5.0) * np.minimum(km / 3.0, 1.0)
    level = level_db - 20 * np.log10(km) - 1.8 * (km - 1.0) + duct + net.site_db
    level += rng.normal(0, 4.0, r.size)
    gusty = net.noise_db + 0.8 * np.hypot(u, v)
    snr = level - gusty + rng.normal(0, 1.5, r.size)
    noticed = rng.random(r.size) < 1 / (1 + np.exp(-(snr - HEARD_DB) / 2))
    near = np.flatnonzero(noticed & (r < REACH_M))
    snr, level, tau = snr[near], level[near], tau[near]
    onset = np.minimum(0.006 + 0.04 * 10 ** (-(snr - 10) / 20), 0.2)
    late = np.where(rng.random(near.size) < 0.06, rng.exponential(0.15, near.size), 0.0)
    error = rng.normal(0, 1, near.size) * np.hypot(onset, 0.002 * tau) + late
    direct = Picks(at_s + tau + error + net.bias_s[near], near, level, snr)
    again = rng.random(near.size) < 0.12
    loss = np.abs(rng.normal(6, 3, near.size))
    gap = DEAD_S + rng.exponential(0.5, near.size)
    echo = Picks(direct.time_s + gap, near, level - loss, snr - loss)
    return Picks.joined([direct, echo.only(again & (snr - loss > HEARD_DB - 1))])


def clutter(net: Network, span_s: float, rng: np.random.Generator) -> Picks:
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
