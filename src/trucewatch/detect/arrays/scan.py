"""The plane wave that fits each window best: grid of slowness, then Newton.

The broadband beam power of slowness ``s`` is the sum over pairs of channels of their
cross-correlation at the delay ``s . (r_j - r_i)``. One inverse transform per pair and
window replaces a sum over all frequencies at every node: the same power (Bartlett, as
frequency-domain beamforming), a hundredth of the work. Newton then climbs the exact
power, so that the answer does not lie on the grid.
"""

from __future__ import annotations

from math import ceil

import numpy as np
from numba import njit
from numpy.typing import NDArray

from trucewatch.detect.arrays.spectra import Windows

Numbers = NDArray[np.float64]

LAGS_PER_PERIOD = 16  # of the band's upper edge; linear between
CLIMBS = 12  # steps of Newton at most; it doubles the digits at each


def grid(slowest_mps: float, step_s_per_m: float) -> Numbers:
    """Slowness nodes (east, north; s/m) within the disc ``|s| <= 1 / slowest_mps``."""
    reach = 1 / slowest_mps
    count = ceil(reach / step_s_per_m)
    axis = np.arange(-count, count + 1) * step_s_per_m
    east, north = np.meshgrid(axis, axis, indexing="ij")
    inside = np.hypot(east, north) <= reach * (1 + 1e-9)
    return np.ascontiguousarray(np.column_stack((east[inside], north[inside])))


def best(windows: Windows, offsets_m: Numbers, nodes: Numbers) -> Numbers:
    """Per window slowness east, north (s/m) and mean squared beam, shape (n, 3).

    The beam is 1 where all channels agree and 1 / n where they have nothing in common.

    Args:
        windows: spectra of unit energy.
        offsets_m: east, north of every channel, shape ``(n_channels, 2)``.
        nodes: slowness nodes, s/m.
    """
    omega = windows.omega
    top_hz = omega[-1] / (2 * np.pi)
    fine = max(1, ceil(LAGS_PER_PERIOD * top_hz / windows.rate_hz))
    n_lags = windows.n_fft * fine
    pairs = np.array([
        (i, j) for i in range(len(offsets_m)) for j in range(i + 1, len(offsets_m))
    ])
    apart = offsets_m[pairs[:, 1]] - offsets_m[pairs[:, 0]]
    lags = nodes @ apart.T * (windows.rate_hz * fine)  # (n_nodes, n_pairs)
    reach = int(np.ceil(np.abs(lags).max())) + 2
    first = np.floor(lags).astype(np.int32)
    share = (lags - first).astype(np.float32)
    first += reach
    powers = np.empty((len(windows.begin_s), 3))
    for at in range(0, len(powers), 128):
        part = windows.spectra[at : at + 128]
        curves = _curves(part, pairs, windows.first_bin, n_lags, reach)
        _peaks(curves, first.T.copy(), share.T.copy(), nodes, powers[at : at + 128])
    _climb(windows.spectra, windows.used, offsets_m, omega, powers)
    return powers


def climbed(
    spectra: NDArray[np.complex128], offsets_m: Numbers, omega: Numbers, start: Numbers
) -> Numbers:
    """The slowness at the top of one window's power, climbing from ``start``."""
    out = np.array([[start[0], start[1], 0.0]])
    used = np.ones((1, len(spectra)), np.bool_)
    _climb(spectra[None], used, offsets_m, omega, out)
    return np.asarray(out[0, :2])


def _curves(
    spectra: NDArray[np.complex128],
    pairs: NDArray[np.int64],
    first_bin: int,
    n_lags: int,
    reach: int,
) -> NDArray[np.float32]:
    """Cross-correlations at lags -reach to reach, (n_windows, n_pairs, n_kept)."""
    kept = np.empty((len(spectra), len(pairs), 2 * reach + 1), np.float32)
    wide = np.zeros((len(spectra), n_lags // 2 + 1), np.complex128)
    bins = slice(first_bin, first_bin + spectra.shape[2])
    for number, (i, j) in enumerate(pairs):
        wide[:, bins] = spectra[:, i].conj() * spectra[:, j]
        curve = np.fft.irfft(wide, n_lags, axis=1) * n_lags
        kept[:, number, :reach] = curve[:, -reach:]
        kept[:, number, reach:] = curve[:, : reach + 1]
    return kept


@njit(cache=True, error_model="numpy")
def _peaks(curves, first, share, nodes, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Write each window's best node; pairs outside, nodes inside: it vectorises."""
    n_windows, n_pairs, _ = curves.shape
    n_nodes = nodes.shape[0]
    power = np.empty(n_nodes, np.float32)
    for w in range(n_windows):
        power[:] = 0.0
        for p in range(n_pairs):
            curve = curves[w, p]
            for g in range(n_nodes):
                at = first[p, g]
                low = curve[at]
                power[g] += low + share[p, g] * (curve[at + 1] - low)
        top = 0
        for g in range(1, n_nodes):
            if power[g] > power[top]:
                top = g
        out[w, 0] = nodes[top, 0]
        out[w, 1] = nodes[top, 1]


@njit(cache=True, error_model="numpy")
def _climb(spectra, used, offsets, omega, out):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Newton from each window's node to the top of the exact power."""
    for w in range(spectra.shape[0]):
        sx, sy = out[w, 0], out[w, 1]
        now = _power(spectra[w], offsets, omega, sx, sy)
        for _ in range(CLIMBS):
            hxx, hyy, hxy = now[3], now[4], now[5]
            det = hxx * hyy - hxy * hxy
            if det <= 0 or hxx >= 0:
                break
            dx = -(hyy * now[1] - hxy * now[2]) / det
            dy = -(hxx * now[2] - hxy * now[1]) / det
            new = _power(spectra[w], offsets, omega, sx + dx, sy + dy)
            if new[0] <= now[0]:
                break
            sx, sy, now = sx + dx, sy + dy, new
        count = 0.0
        for c in range(used.shape[1]):
            count += 1.0 if used[w, c] else 0.0
        out[w, 0] = sx
        out[w, 1] = sy
        out[w, 2] = now[0] / (count * count) if count > 0 else 0.0


@njit(cache=True, error_model="numpy")
def _power(spectra, offsets, omega, sx, sy):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Beam power and its two first and three second derivatives by slowness."""
    out = np.zeros(6)
    n_channels, n_bins = spectra.shape
    for b in range(n_bins):
        w = omega[b]
        s = px = py = pxx = pyy = pxy = 0.0 + 0.0j
        for c in range(n_channels):
            x, y = offsets[c, 0], offsets[c, 1]
            phase = w * (sx * x + sy * y)
            v = spectra[c, b] * complex(np.cos(phase), np.sin(phase))
            s += v
            px += v * x
            py += v * y
            pxx += v * x * x
            pyy += v * y * y
            pxy += v * x * y
        out[0] += 2 * (s.real * s.real + s.imag * s.imag)
        # d|S|^2 = 2 Re(conj(S) dS), dS = i w P
        out[1] += 2 * 2 * w * (s.imag * px.real - s.real * px.imag)
        out[2] += 2 * 2 * w * (s.imag * py.real - s.real * py.imag)
        ww = 2 * 2 * w * w
        out[3] += ww * (abs(px) ** 2 - (s.real * pxx.real + s.imag * pxx.imag))
        out[4] += ww * (abs(py) ** 2 - (s.real * pyy.real + s.imag * pyy.imag))
        cross = px.real * py.real + px.imag * py.imag
        out[5] += ww * (cross - (s.real * pxy.real + s.imag * pxy.imag))
    return out
