"""How a network and its time are cut, always the same way.

Time is cut at whole epochs of the clock, the network into tiles along its own axis.
Each block of an epoch and a tile is solved with what is heard around it, and keeps the
incidents of its own. Blocks are taken in one order: epoch by epoch, in each the even
tiles, then the odd. What a block keeps takes its picks away from the blocks after it,
which may in turn keep what lies just outside their own border: so nothing near a border
is told twice, and nothing is lost because both sides thought it was the other's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trucewatch.fuse.acoustic.network import Network, Whole
from trucewatch.fuse.acoustic.scene import LEAST_CELL_M, NEAR_M

HALO_M = NEAR_M + LEAST_CELL_M
OVER_M = 2_000.0
SLOWEST_MPS = 290.0
AFTER_S = 120.0  # HALO_M at the slowest, and what competes with it
BEFORE_S = 10.0
OVER_S = 3.0
LEAST_TILE_M = 2.0 * (HALO_M + OVER_M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A stretch of a network, with the nodes that hear what happens in it.

    Attributes:
        odd: it is solved after its neighbours.
        row: rows of its nodes in the whole network, ascending, shape (n,).
        mine: rows of those that stand within its borders, shape (m,).
        network: its nodes, without names.
        low_m: incidents from here along the axis are kept, up to high_m.
    """

    odd: bool
    row: Whole
    mine: Whole
    network: Network
    low_m: float
    high_m: float


def tiles_of(network: Network, tile_m: float) -> tuple[Tile, ...]:
    """Tiles of about `tile_m` along a network that is in its own frame.

    None is so short that two odd ones would hear the same.
    """
    x = network.x_m
    low, high = float(x.min()), float(x.max())
    count = int((high - low) / tile_m + 0.5)
    count = max(1, min(count, int((high - low) / LEAST_TILE_M)))
    edge = [low + (high - low) * k / count for k in range(count + 1)]
    edge[0], edge[-1] = -np.inf, np.inf
    return tuple(_tile(network, k, edge[k], edge[k + 1]) for k in range(count))


def _tile(network: Network, k: int, low_m: float, high_m: float) -> Tile:
    x, odd = network.x_m, k % 2 == 1
    over = OVER_M if odd else 0.0
    reach = HALO_M + over
    row = np.flatnonzero((x >= low_m - reach) & (x < high_m + reach))
    return Tile(
        odd=odd,
        row=row,
        mine=np.flatnonzero((x >= low_m) & (x < high_m)),
        network=part_of(network, row),
        low_m=low_m - over,
        high_m=high_m + over,
    )


def part_of(network: Network, row: Whole) -> Network:
    """Some nodes of a network, without names."""
    return Network(
        sensor_id=(),
        x_m=network.x_m[row],
        y_m=network.y_m[row],
        clock_sigma_s=network.clock_sigma_s[row],
        noise_db=network.noise_db[row],
    )


def epochs_of(time_us: Whole, epoch_s: float) -> list[int]:
    """All epochs in which incidents may have made these picks, ascending.

    The first of them also owns what happened before it.
    """
    if time_us.size == 0:
        return []
    length = round(epoch_s * 1e6)
    own = np.unique(time_us // length)
    early = np.unique((time_us - round(AFTER_S * 1e6)) // length)
    every = np.union1d(own, early)
    return [int(k) for k in every[every >= own[0]]]
