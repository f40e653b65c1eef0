"""Last location: every pick counts by the share of it that is the incident's.

The covariance is widened by the scatter of the residuals where that is larger than
expected (sandwich); incidents of one place are located together; then what is not known
of the air is added, which is wrong for all of them alike.
"""

from __future__ import annotations

import numpy as np

from trucewatch.fuse.acoustic.calibrate import slopes
from trucewatch.fuse.acoustic.elementary import exp_of
from trucewatch.fuse.acoustic.hearing import air_of, path_var
from trucewatch.fuse.acoustic.kernel import kernel, part
from trucewatch.fuse.acoustic.linear import inverse3
from trucewatch.fuse.acoustic.listen import PRIOR_PLACE, PRIOR_TIME, accumulate
from trucewatch.fuse.acoustic.network import Reals
from trucewatch.fuse.acoustic.physics import on_time_share, travel
from trucewatch.fuse.acoustic.places import shared
from trucewatch.fuse.acoustic.scene import BIAS, ONSET, Scene, X, Y
from trucewatch.fuse.acoustic.web import Web

LEAST_WEIGHT = 1e-3
LONGEST_M = 200.0
SPARE = 4.0


@kernel
def shares(web: Web, n_picks: int) -> Reals:
    """Of each edge: the probability that the pick is of this incident."""
    top, total = np.zeros(n_picks), np.zeros(n_picks)
    for k in range(web.pick.size):
        top[web.pick[k]] = max(top[web.pick[k]], web.worth[k])
    for p in range(n_picks):
        total[p] = exp_of(-top[p])
    out = np.empty(web.pick.size)
    for k in range(web.pick.size):
        out[k] = exp_of(web.worth[k] - top[web.pick[k]])
        total[web.pick[k]] += out[k]
    for k in range(web.pick.size):
        out[k] /= total[web.pick[k]]
    return out


@kernel
def soften(
    scene: Scene, events: Reals, web: Web, share: Reals, air_cov: Reals
) -> Reals:
    """Incidents stand where the shares put them; the covariances of (x, y, time)."""
    out = np.zeros((events.shape[0], 3, 3))
    air = np.zeros((events.shape[0], 3, 3))
    normal, side = np.empty((3, 3)), np.empty(5)
    cross, room = np.empty((3, 10)), (np.empty(10), np.empty((3, 10)))
    for e in range(events.shape[0]):
        event, first = events[e], web.group[web.first[e]]
        last = web.group[web.first[e + 1]]
        for _ in range(4):
            _equations(scene, event, (web, share, first, last), normal, side)
            inverse3(normal, out[e])
            dx, dy, dt = _times(out[e], side)
            far = np.sqrt(dx * dx + dy * dy)
            cut = min(1.0, LONGEST_M / max(far, 1e-9))
            event[0] += cut * dx
            event[1] += cut * dy
            event[2] += cut * dt
            if far < 0.02:
                break
        _equations(scene, event, (web, share, first, last), normal, side)
        inverse3(normal, out[e])
        node = _crossed(scene, event, (web, share, first, last), cross, room[0])
        free = max(side[4] - 3.0, 1.0)
        scatter = max((side[3] + SPARE) / (free + SPARE), 1.0)
        o = 5 * node
        _through((out[e], cross), (air_cov, o), air[e], room[1])
        out[e] *= scatter
    shared(events, out)
    return out + air


@part
def _times(c: Reals, side: Reals) -> tuple[float, float, float]:
    return (
        c[0, 0] * side[0] + c[0, 1] * side[1] + c[0, 2] * side[2],
        c[1, 0] * side[0] + c[1, 1] * side[1] + c[1, 2] * side[2],
        c[2, 0] * side[0] + c[2, 1] * side[1] + c[2, 2] * side[2],
    )


@part
def _arrival(
    scene: Scene, event: Reals, air: tuple[float, float, float], bond: tuple[int, float]
) -> tuple[float, float, float, float, float, float, float]:
    """Residual, variance, weight, way east and north, range and speed of a pick."""
    p, share = bond
    s = scene.sensor[p]
    dx, dy = scene.node[s, X] - event[0], scene.node[s, Y] - event[1]
    tau, r, speed = travel(dx, dy, air)
    var = scene.picks[p, ONSET] + path_var(scene, s, tau)
    late = scene.time[p] - event[2] - tau - scene.node[s, BIAS]
    return late, var, share * on_time_share(late, np.sqrt(var)) / var, dx, dy, r, speed


@part
def residual(scene: Scene, event: Reals, pick: int) -> float:
    """Observed minus expected arrival (s) of a pick, if it is the incident's."""
    return _arrival(scene, event, air_of(scene, event[2], event[0]), (pick, 1.0))[0]


@part
def _equations(
    scene: Scene,
    event: Reals,
    bonds: tuple[Web, Reals, int, int],
    normal: Reals,
    side: Reals,
) -> None:
    web, share, first, last = bonds
    air = air_of(scene, event[2], event[0])
    normal[:] = 0.0
    side[:] = 0.0
    for k in range(first, last):
        if share[k] < LEAST_WEIGHT:
            continue
        bond = (web.pick[k], share[k])
        late, var, w, dx, dy, r, v = _arrival(scene, event, air, bond)
        if w < LEAST_WEIGHT:
            continue
        gx, gy = -dx / r / v, -dy / r / v
        accumulate(normal, w, gx, gy)
        side[0] += w * gx * late
        side[1] += w * gy * late
        side[2] += w * late
        side[3] += w * late * late
        side[4] += w * var
    normal[0, 0] += PRIOR_PLACE
    normal[1, 1] += PRIOR_PLACE
    normal[2, 2] += PRIOR_TIME


@part
def _crossed(
    scene: Scene,
    event: Reals,
    bonds: tuple[Web, Reals, int, int],
    cross: Reals,
    h: Reals,
) -> int:
    """Sums of place by medium derivatives; the medium node before the incident."""
    web, share, first, last = bonds
    air, node = air_of(scene, event[2], event[0]), 0
    cross[:] = 0.0
    for k in range(first, last):
        bond = (web.pick[k], share[k])
        _, _, w, dx, dy, r, v = _arrival(scene, event, air, bond)
        node = slopes(scene, event, (dx, dy, r, v), h)
        for i in range(10):
            cross[0, i] -= w * dx / r / v * h[i]
            cross[1, i] -= w * dy / r / v * h[i]
            cross[2, i] += w * h[i]
    return node


@part
def _through(
    place: tuple[Reals, Reals], air: tuple[Reals, int], out: Reals, k: Reals
) -> None:
    """What the air adds to a covariance: K A K', K = C cross, A ten rows of the air."""
    c, cross = place
    for i in range(3):
        for j in range(10):
            k[i, j] = (
                c[i, 0] * cross[0, j] + c[i, 1] * cross[1, j] + c[i, 2] * cross[2, j]
            )
    for i in range(3):
        for j in range(3):
            out[i, j] = _form(k, (i, j), air)


@part
def _form(k: Reals, rows: tuple[int, int], air: tuple[Reals, int]) -> float:
    i, j = rows
    cov, o = air
    total = 0.0
    for a in range(10):
        for b in range(10):
            total += k[i, a] * cov[o + a, o + b] * k[j, b]
    return total
