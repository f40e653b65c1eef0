"""What the engine gives back: incidents, which picks are theirs, air and clocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trucewatch.fuse.acoustic.network import Flags, Network, Reals, Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Incidents in order of time, with all that was solved for.

    Attributes:
        time_s: origin time, shape (n,).
        x_m: east, shape (n,).
        y_m: north, shape (n,).
        cov: covariance of (x, y, time) in m and s, calibrated, shape (n, 3, 3).
        probability: calibrated odds that the incident happened, as a share, shape (n,).
        score: log posterior odds as the model states them, before calibration, (n,).
        crowding: other incidents within 700 m and 2.5 s, shape (n,).
        level_db: source level at 1 km, shape (n,); NaN where no pick had a level.
        n_arrivals: picks assigned, shape (n,).
        incident: row of the incident of each arrival, ascending, shape (k,).
        pick: row in the picks given, no pick twice, shape (k,).
        residual_s: observed minus expected arrival, shape (k,).
        weight: share of the pick that is this incident's direct sound, shape (k,).
        medium_time_s: nodes of the solved air, by block, shape (b,).
        medium_m: where they hold: the middle of the nodes (x, y), shape (b, 2).
        medium: sound speed, wind east and north in m/s, and the change of the wind
            per 100 km along the network, shape (b, 5).
        clock_s: solved offset of each clock, to be subtracted, shape (s,).
        clock_sd_s: its standard deviation, shape (s,).
        clock_broken: the solved offset exceeds four declared deviations, shape (s,).
        gain_db: solved level term of each site, shape (s,).
        away_m: where each node was found beside its surveyed place (x, y), (s, 2).
    """

    time_s: Reals
    x_m: Reals
    y_m: Reals
    cov: Reals
    probability: Reals
    score: Reals
    crowding: Whole
    level_db: Reals
    n_arrivals: Whole
    incident: Whole
    pick: Whole
    residual_s: Reals
    weight: Reals
    medium_time_s: Reals
    medium_m: Reals
    medium: Reals
    clock_s: Reals
    clock_sd_s: Reals
    clock_broken: Flags
    gain_db: Reals
    away_m: Reals


def silence(network: Network) -> Solution:
    """What there is to say when no sensor heard anything."""
    none, nothing = np.empty(0), np.empty(0, np.int64)
    each = np.zeros(len(network.x_m))
    return Solution(
        time_s=none,
        x_m=none,
        y_m=none,
        cov=np.empty((0, 3, 3)),
        probability=none,
        score=none,
        crowding=nothing,
        level_db=none,
        n_arrivals=nothing,
        incident=nothing,
        pick=nothing,
        residual_s=none,
        weight=none,
        medium_time_s=none,
        medium_m=np.empty((0, 2)),
        medium=np.empty((0, 5)),
        clock_s=each,
        clock_sd_s=network.clock_sigma_s,
        clock_broken=each > 0,
        gain_db=each,
        away_m=np.zeros((each.size, 2)),
    )
