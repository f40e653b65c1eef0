"""Straight ways from one place to the sensors around, a few at a time.

The arithmetic is that of `physics.travel`, laid out in arrays so that the processor
works on several sensors at once; square root and division are exact on all of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.network import Reals
from trucewatch.fuse.acoustic.physics import LEAST_RANGE_M, loss_db
from trucewatch.fuse.acoustic.scene import Scene, X, Y

AT_ONCE = 16


class Rays(NamedTuple):
    """Ways to sensors next to each other in a list of nearest ones, shape (AT_ONCE,).

    Attributes:
        east: way to the sensor, m, with north.
        far: range, m.
        tau: travel time, s.
        loss: loss over the range, dB relative to 1 km.
    """

    east: Reals
    north: Reals
    far: Reals
    tau: Reals
    loss: Reals


@kernel
def no_rays() -> Rays:
    """Room for as many rays as are worked on at once."""
    return Rays(
        np.empty(AT_ONCE),
        np.empty(AT_ONCE),
        np.empty(AT_ONCE),
        np.empty(AT_ONCE),
        np.empty(AT_ONCE),
    )


@part
def cast(
    scene: Scene,
    event: Reals,
    air: tuple[float, float, float],
    block: tuple[int, int, int],
    rays: Rays,
) -> int:
    """The rays to the next sensors of a cell's list stand in `rays`; how many.

    `block` is the cell, the first place in its list, and the length of the list.
    Source: the ray of a uniform wind, as in `physics.travel`.
    """
    cell, first, n = block
    m = min(AT_ONCE, n - first)
    for k in range(m):
        s = scene.near[cell, first + k]
        rays.east[k] = scene.node[s, X] - event[0]
        rays.north[k] = scene.node[s, Y] - event[1]
    c, u, v = air
    c2, w2 = c * c, u * u + v * v
    for k in range(m):
        east, north = rays.east[k], rays.north[k]
        r = max(np.sqrt(east * east + north * north), LEAST_RANGE_M)
        along = (u * east + v * north) / r
        rays.far[k] = r
        rays.tau[k] = r / (np.sqrt(c2 - (w2 - along * along)) + along)
    for k in range(m):
        rays.loss[k] = loss_db(rays.far[k])
    return m
