"""The direction of one window with its error, channels that do not fit left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.detect.arrays.recording import spans_a_plane
from trucewatch.detect.arrays.scan import climbed
from trucewatch.detect.arrays.settings import ArraySettings
from trucewatch.detect.arrays.spectra import Spectra, Windows

Numbers = NDArray[np.float64]

# A channel this many times further off than the middle one has a wrong clock or site.
ODD_TIMES = 6.0
ODD_S = 0.02
REACH_S = 0.6  # delays of single channels are sought this far


@dataclass(frozen=True, slots=True)
class Direction:
    """A plane wave with its error.

    Attributes:
        slowness: east, north, s/m.
        covariance: of the slowness.
        middle_s: centre of the beam's energy, from the recording's first sample.
        left_out: numbers of channels that fit no plane wave with the others.
    """

    slowness: Numbers
    covariance: Numbers
    middle_s: float
    left_out: tuple[int, ...]


def direction(
    found: Windows, window: int, slowness: Numbers, f_ratio: float, offsets_m: Numbers
) -> Direction:
    """The plane wave of one window, its error from noise and from what does not fit.

    1. each channel's delay against the beam of the others
    2. from five channels on, one whose delay is odd is left out, and again
    3. slowness error: Cramer-Rao of the window's signal-to-noise ratio, widened to
       the delays' own spread where that is larger (curved fronts, clocks, echoes)

    Source: Cramer-Rao bound of delay, 2 n w^2 p Np / (1 + Np) for n bins, mean square
    frequency w^2 and power ratio p = (F - 1) / N (Carter 1987, Proc. IEEE 75, 236).
    """
    omega = found.omega
    alive = np.flatnonzero(found.used[window]).tolist()
    spectra = found.spectra[window]
    delays = _delays(spectra[alive], offsets_m[alive], omega, slowness)
    out: list[int] = []
    while len(alive) > 4 and len(out) < len(offsets_m) // 4:
        worst = int(np.argmax(np.abs(delays)))
        rest = alive[:worst] + alive[worst + 1 :]
        limit = max(ODD_TIMES * 1.4826 * float(np.median(np.abs(delays))), ODD_S)
        if abs(delays[worst]) <= limit or not spans_a_plane(offsets_m[rest]):
            break
        out.append(alive[worst])
        alive = rest
        slowness = climbed(spectra[alive], offsets_m[alive], omega, slowness)
        delays = _delays(spectra[alive], offsets_m[alive], omega, slowness)
    aligned = _aligned(spectra[alive], offsets_m[alive], omega, slowness)
    noise = _noise_s2(aligned, omega, found, f_ratio)
    spread = float(np.sum(delays**2)) / max(len(alive) - 2, 1)
    apart = offsets_m[alive] - offsets_m[alive].mean(axis=0)
    unit = np.linalg.inv(apart.T @ apart)
    middle_s = found.begin_s[window] + _middle_s(aligned, found)
    return Direction(slowness, unit * max(noise, spread), middle_s, tuple(out))


def bearing(found: Direction, settings: ArraySettings, offsets_m: Numbers) -> Numbers:
    """Back-azimuth, its sd (deg), trace velocity, its sd (m/s) of a direction."""
    apart = offsets_m - offsets_m.mean(axis=0)
    floor = np.linalg.inv(apart.T @ apart) * settings.timing_s**2
    covariance = found.covariance + floor
    east, north = found.slowness
    length = float(np.hypot(east, north))
    along = found.slowness / length
    across = np.array([-along[1], along[0]])
    turn = np.degrees(np.arctan2(-east, -north)) % 360
    turn_sd = np.degrees(np.sqrt(across @ covariance @ across) / length)
    speed_sd = np.sqrt(along @ covariance @ along) / length**2
    return np.array([turn % 360, min(turn_sd, 180.0), 1 / length, speed_sd])


def _aligned(
    spectra: Spectra, offsets_m: Numbers, omega: Numbers, slowness: Numbers
) -> Spectra:
    phase = omega * (offsets_m @ slowness)[:, None]
    return np.asarray(spectra * np.exp(1j * phase))


def _delays(
    spectra: Spectra, offsets_m: Numbers, omega: Numbers, slowness: Numbers
) -> Numbers:
    """Per channel, how much later than the beam of the others it comes, s."""
    aligned = _aligned(spectra, offsets_m, omega, slowness)
    others = aligned.sum(axis=0) - aligned
    cross = aligned * others.conj()
    step = 2 * np.pi / omega[-1] / 16
    tried = np.arange(-np.ceil(REACH_S / step), np.ceil(REACH_S / step) + 1) * step
    height = (cross @ np.exp(1j * np.outer(omega, tried))).real
    best = tried[np.argmax(height, axis=1)]
    for _ in range(3):
        turned = cross * np.exp(1j * omega * best[:, None])
        slope = -(omega * turned.imag).sum(axis=1)
        curve = -(omega**2 * turned.real).sum(axis=1)
        move = np.where(curve < 0, -slope / np.where(curve < 0, curve, 1), 0)
        best = best + np.clip(move, -step, step)
    return np.asarray(best - np.median(best))


def _noise_s2(
    aligned: Spectra, omega: Numbers, found: Windows, f_ratio: float
) -> float:
    """Variance of one channel's delay by noise alone, s2."""
    n = len(aligned)
    power = np.abs(aligned.sum(axis=0)) ** 2
    omega2 = float(np.sum(power * omega**2) / max(np.sum(power), 1e-300))
    bins = len(omega) * found.window_s * found.rate_hz / found.n_fft
    ratio = max((f_ratio - 1) / n, 0.02)
    return 1 / (2 * bins * omega2 * ratio * n * ratio / (1 + n * ratio))


def _middle_s(aligned: Spectra, found: Windows) -> float:
    """Centre of the beam's energy within its window, s."""
    wide = np.zeros(found.n_fft // 2 + 1, np.complex128)
    wide[found.first_bin : found.first_bin + aligned.shape[1]] = aligned.sum(axis=0)
    beam = np.fft.irfft(wide, found.n_fft)[: round(found.window_s * found.rate_hz)]
    energy = beam**2
    times = np.arange(len(beam)) / found.rate_hz
    return float(np.sum(times * energy) / max(float(np.sum(energy)), 1e-300))
