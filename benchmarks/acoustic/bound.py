"""The least error any unbiased estimator can have: Cramer-Rao bounds of incidents.

Source: S. M. Kay, Fundamentals of Statistical Signal Processing: Estimation Theory
(1993), section 3.7 (vector parameter) and problem 3.2 (non-Gaussian location: the
Fisher information of a shift is the integral of p'^2 / p).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from world import Floats

GRID_S = 0.0005
SIGMAS_S = np.geomspace(0.003, 0.5, 60)


@dataclass(frozen=True, slots=True)
class Information:
    """Fisher information of one onset, by the spread of its Gaussian part."""

    table: Floats  # (60,), 1/s^2, at SIGMAS_S

    def of(self, sigma_s: Floats) -> Floats:
        return np.exp(np.interp(np.log(sigma_s), np.log(SIGMAS_S), np.log(self.table)))


def information(tail_ratio: float, tail_mean_s: float) -> Information:
    """By quadrature of a Gaussian, a share of it delayed by an exponential."""
    table = np.empty(len(SIGMAS_S))
    for k, sigma in enumerate(SIGMAS_S):
        step = min(GRID_S, sigma / 12)
        t = np.arange(-8 * sigma, 14 * tail_mean_s + 8 * sigma, step)
        core = np.exp(-0.5 * (t / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
        ramp = np.arange(0.0, 14 * tail_mean_s, step)
        tail = np.exp(-ramp / tail_mean_s)
        delayed = np.convolve(core, tail / tail.sum())[: len(t)]
        p = (1 - tail_ratio) * core + tail_ratio * delayed
        slope = np.gradient(p, step)
        keep = p > 1e-12
        table[k] = (slope[keep] ** 2 / p[keep]).sum() * step
    return Information(table)


def bounds_m(
    offset_m: Floats, speed_mps: Floats, info: Floats, sound_mps: float
) -> tuple[float, float]:
    """Root of the variance of x plus that of y: air known, and air of this incident
    known to 1.5 m/s of wind and 0.9 m/s of sound speed only; infinite below three.

    Args:
        offset_m: sensor minus incident, (n, 2).
        speed_mps: effective sound speed along each path, (n,).
        info: Fisher information of each onset, (n,).
        sound_mps: speed of sound in still air.
    """
    if len(info) < 3:
        return np.inf, np.inf
    r = np.maximum(np.hypot(*offset_m.T), 1.0)
    slope = -offset_m / (r * speed_mps)[:, None]
    rows = np.column_stack([slope, np.ones(len(r))])
    air = -np.column_stack([r, offset_m]) / sound_mps**2
    return _rms(rows, info, 0), _rms(np.column_stack([rows, air]), info, 3)


def _rms(rows: Floats, info: Floats, nuisances: int) -> float:
    fisher = rows.T @ (rows * info[:, None])
    if nuisances:
        prior = 1 / np.array([0.9, 1.5, 1.5]) ** 2
        fisher[3:, 3:] += np.diag(prior)
    if np.linalg.cond(fisher) > 1e13:
        return float(np.inf)
    spread = np.linalg.inv(fisher)
    return float(np.sqrt(spread[0, 0] + spread[1, 1]))
