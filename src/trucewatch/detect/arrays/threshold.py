"""How surprising a window's F is, given what this array hears all the time.

Two steps. The law of the highest F over the grid in noise that has nothing in common
is simulated for this geometry, band and spectrum, and fitted by a Gumbel law in log F.
Noise that has something in common (wind turbines, surf, traffic) raises F at all
times: the lower quarter of the windows around tells by how much, as in the adaptive
F-detector (Arrowsmith et al. 2009, doi:10.1785/0120080180), and the law is moved up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.detect.arrays.scan import best
from trucewatch.detect.arrays.spectra import Spectra, Windows, tapered

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

TRIALS = 1536
AROUND_S = 1800.0  # background is taken from this long before and after
QUARTER = 0.25
LEAST_WINDOWS = 40  # fewer tell no background: the law stays where it is
DAY_S = 86_400.0
MOST_PATTERNS = 16  # sets of channels alive at once; rarer ones are left out


@dataclass(frozen=True, slots=True)
class Law:
    """Gumbel law of log F in noise with nothing in common.

    Attributes:
        location: its mode.
        scale: its scale.
        quarter: the quarter below which a fourth of the values lie.
    """

    location: np.float64
    scale: np.float64
    quarter: np.float64


def f_statistic(beam: Numbers, channels: NDArray[np.int64]) -> Numbers:
    """Fisher's F of mean squared beams, 1 on average where nothing is common.

    Source: Melton and Bailey 1957; F = (N - 1) b / (1 - b) for channels of unit energy
    and ``b`` the energy of their mean.
    """
    n = np.maximum(channels, 2)
    share = np.clip(beam, 1e-6, 1 - 1e-6)
    return np.asarray((n - 1) * share / (1 - share))


def rates_per_day(found: Windows, f_ratio: Numbers, laws: dict[bytes, Law]) -> Numbers:
    """How many windows a day noise alone would give with as high an F; inf: no law.

    Args:
        found: the windows.
        f_ratio: F of every window.
        laws: per set of channels, by the bytes of its flags.
    """
    height = np.full(len(f_ratio), -np.inf)
    scale = np.ones(len(f_ratio))
    floor = np.zeros(len(f_ratio))
    for key, law in laws.items():
        mine = _pattern(found.used, key)
        height[mine] = np.log(f_ratio[mine]) - law.location
        scale[mine] = law.scale
        floor[mine] = law.quarter - law.location
    raised = _raised(found.begin_s, height - floor)
    beyond = (height - raised) / scale
    hop_s = np.diff(found.begin_s).min() if len(found.begin_s) > 1 else found.window_s
    chance = -np.expm1(-np.exp(-np.maximum(beyond, -3.0)))
    rate = chance * DAY_S / hop_s
    return np.where(np.isfinite(height), np.maximum(rate, 1e-12), np.inf)


def laws_of(found: Windows, offsets_m: Numbers, nodes: Numbers) -> dict[bytes, Law]:
    """The law for each set of channels alive together, at most ``MOST_PATTERNS``."""
    sets, counts = np.unique(found.used, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MOST_PATTERNS]
    shape = _shape(found)
    return {
        sets[k].tobytes(): _law(found, offsets_m[sets[k]], nodes, shape)
        for k in order.tolist()
        if _usable(offsets_m[sets[k]])
    }


def _usable(offsets_m: Numbers) -> bool:
    from trucewatch.detect.arrays.recording import spans_a_plane

    return spans_a_plane(offsets_m)


def _pattern(used: Flags, key: bytes) -> Flags:
    return np.asarray((used == np.frombuffer(key, np.bool_)).all(axis=1))


def _shape(found: Windows) -> Numbers:
    """Amplitude per bin, as in the middle half of the windows."""
    power = np.abs(found.spectra) ** 2
    alive = power[found.used]
    if not len(alive):
        return np.ones(found.spectra.shape[2])
    return np.asarray(np.sqrt(np.maximum(np.median(alive, axis=0), 1e-12)))


def _law(found: Windows, offsets_m: Numbers, nodes: Numbers, shape: Numbers) -> Law:
    """The law of log F, by simulation with a fixed seed."""
    n = len(offsets_m)
    length = round(found.window_s * found.rate_hz)
    draw = np.random.Generator(np.random.Philox(20_251_104))
    spectra = np.empty((TRIALS, n, len(shape)), np.complex128)
    bins = slice(found.first_bin, found.first_bin + len(shape))
    for channel in range(n):
        noise = tapered(draw.standard_normal((TRIALS, length)))
        spectra[:, channel] = np.fft.rfft(noise, found.n_fft, axis=1)[:, bins]
    noise_only = Windows(
        begin_s=np.arange(TRIALS, dtype=np.float64),
        window_s=found.window_s,
        n_fft=found.n_fft,
        rate_hz=found.rate_hz,
        first_bin=found.first_bin,
        spectra=_of_unit_energy(spectra * shape),
        used=np.ones((TRIALS, n), np.bool_),
    )
    beam = best(noise_only, offsets_m, nodes)[:, 2]
    logs = np.sort(np.log(f_statistic(beam, np.full(TRIALS, n))))
    # The tail decides: the scale that fits the upper tenth, at least that of all.
    upper = logs[int(0.9 * TRIALS) :]
    tail = upper.mean() - upper[0]
    whole = logs.std() * np.sqrt(6) / np.pi
    scale = np.float64(max(tail, whole))
    location = logs[int(0.9 * TRIALS)] + scale * np.log(-np.log(0.9))
    return Law(np.float64(location), scale, logs[int(QUARTER * TRIALS)])


def _of_unit_energy(spectra: Spectra) -> Spectra:
    energy = np.sqrt(2 * np.sum(spectra.real**2 + spectra.imag**2, axis=2))
    return np.asarray(spectra / energy[:, :, None])


def _raised(begin_s: Numbers, above: Numbers) -> Numbers:
    """Per window, how far the lower quarter around lies above the law's own; >= 0."""
    out = np.zeros(len(begin_s))
    known = np.isfinite(above)
    minutes = np.unique(np.floor(begin_s / 60.0))
    for minute in minutes.tolist():
        middle = 60 * minute + 30
        low = np.searchsorted(begin_s, middle - AROUND_S)
        high = np.searchsorted(begin_s, middle + AROUND_S)
        near = above[low:high][known[low:high]]
        if len(near) >= LEAST_WINDOWS:
            a, b = np.searchsorted(begin_s, [60 * minute, 60 * minute + 60])
            out[a:b] = max(0.0, float(np.quantile(near, QUARTER)))
    return out
