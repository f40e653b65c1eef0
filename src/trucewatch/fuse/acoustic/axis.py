"""The network's own frame, so that results do not depend on the frame of the files.

The first axis runs along the network, the second to its left. Whoever turns or shifts
the coordinates of all nodes gets the same numbers here, to the last bit: places are
rounded to millimetres after the turn.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from trucewatch.fuse.acoustic.network import Network, Reals, Weather

ROUND = 0.1  # below this share of the variances a network has no longer side
PER_M = 1000.0


@dataclass(frozen=True, slots=True)
class Axis:
    """Where the network's frame lies in that of the files.

    Attributes:
        x_m: middle of the nodes, east, in the frame of the files; north is y_m.
        east_ratio: how far east one step along the network leads.
        north_ratio: how far north.
    """

    x_m: float
    y_m: float
    east_ratio: float
    north_ratio: float

    def inwards(self, x_m: Reals, y_m: Reals) -> tuple[Reals, Reals]:
        """Places in the network's frame, in whole millimetres."""
        along, left = self.turned(x_m - self.x_m, y_m - self.y_m)
        return np.rint(along * PER_M) / PER_M, np.rint(left * PER_M) / PER_M

    def turned(self, east: Reals, north: Reals) -> tuple[Reals, Reals]:
        """Vectors of the files (any unit) in the network's frame."""
        e, n = self.east_ratio, self.north_ratio
        return east * e + north * n, north * e - east * n

    def back(self, along: Reals, left: Reals) -> tuple[Reals, Reals]:
        """Vectors of the network's frame (any unit) in that of the files."""
        e, n = self.east_ratio, self.north_ratio
        return along * e - left * n, along * n + left * e

    def outwards(self, along_m: Reals, left_m: Reals) -> tuple[Reals, Reals]:
        """Places in the frame of the files."""
        x, y = self.back(along_m, left_m)
        return x + self.x_m, y + self.y_m

    def spread(self, cov: Reals) -> Reals:
        """Covariances of (x, y, time) in the frame of the files, shape (n, 3, 3)."""
        out = cov.copy()
        for i in range(3):
            out[:, i, 0], out[:, i, 1] = self.back(cov[:, i, 0], cov[:, i, 1])
        half = out.copy()
        for i in range(3):
            out[:, 0, i], out[:, 1, i] = self.back(half[:, 0, i], half[:, 1, i])
        return out

    def own(self, network: Network) -> Network:
        """The network in its own frame."""
        along, left = self.inwards(network.x_m, network.y_m)
        return replace(network, x_m=along, y_m=left)

    def wind(self, weather: Weather | None) -> Weather | None:
        """The forecast with its wind in the network's frame."""
        if weather is None:
            return None
        u, v = self.turned(weather.wind_u_mps, weather.wind_v_mps)
        return replace(weather, wind_u_mps=u, wind_v_mps=v)


def axis_of(network: Network) -> Axis:
    """The frame of a network: along its longer side, sense and all set by its nodes.

    Sums are exact, so that no order of additions shows. A network as long as wide has
    its axis where later names of nodes lie from earlier ones.
    """
    n = network.x_m.size
    x = math.fsum(network.x_m.tolist()) / max(n, 1)
    y = math.fsum(network.y_m.tolist()) / max(n, 1)
    dx, dy = network.x_m - x, network.y_m - y
    rank = np.arange(n) - 0.5 * (n - 1)
    to_x, to_y = _sum(rank * dx), _sum(rank * dy)
    apart, both = _sum(dx * dx) - _sum(dy * dy), 2.0 * _sum(dx * dy)
    size = math.sqrt(apart * apart + both * both)
    if size > ROUND * (_sum(dx * dx) + _sum(dy * dy)):
        east = math.sqrt(max(0.5 * (1.0 + apart / size), 0.0))
        north = math.sqrt(max(0.5 * (1.0 - apart / size), 0.0))
        north = math.copysign(north, both)
    else:
        length = math.sqrt(to_x * to_x + to_y * to_y)
        east, north = (to_x / length, to_y / length) if length > 0 else (1.0, 0.0)
    if east * to_x + north * to_y < 0.0:
        east, north = -east, -north
    return Axis(x, y, east, north)


def _sum(values: Reals) -> float:
    return math.fsum(values.tolist())
