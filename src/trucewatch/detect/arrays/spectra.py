"""Windows of a recording as spectra, every channel of every window of unit energy.

A channel with a gap, or with nothing in it, takes no part in that window.
Unit energy keeps one loud channel (a glitch, wind) from deciding for all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.detect.arrays.settings import ArraySettings

Numbers = NDArray[np.float64]
Spectra = NDArray[np.complex128]  # shape (n_windows, n_channels, n_bins)
Flags = NDArray[np.bool_]

TAPER_RATIO = 0.1  # of the window, at either end


@dataclass(frozen=True, slots=True)
class Windows:
    """Spectra of overlapping windows of one recording.

    Attributes:
        begin_s: of every window, from the recording's first sample.
        window_s: length of every window.
        n_fft: samples the spectra stand for, padding included.
        rate_hz: sampling rate.
        first_bin: number of the lowest frequency bin kept.
        spectra: shape ``(n_windows, n_channels, n_bins)``, unit energy in the band;
            0 where a channel takes no part.
        used: shape ``(n_windows, n_channels)``: which channels take part.
    """

    begin_s: Numbers
    window_s: float
    n_fft: int
    rate_hz: float
    first_bin: int
    spectra: Spectra
    used: Flags

    @property
    def omega(self) -> Numbers:
        """Angular frequency of every bin, rad/s."""
        bins = self.first_bin + np.arange(self.spectra.shape[2])
        return np.asarray(2 * np.pi * self.rate_hz / self.n_fft * bins, np.float64)


def filtered(samples: Numbers, rate_hz: float, settings: ArraySettings) -> Numbers:
    """The recording in the band, both ways so that nothing moves; gaps are 0.

    Args:
        samples: shape ``(n_channels, n_samples)``, NaN where nothing was recorded.
        rate_hz: sampling rate.
        settings: names the band.
    """
    from scipy.signal import butter, sosfiltfilt

    high_hz = min(settings.high_hz, 0.4 * rate_hz)
    sections = butter(
        4, (settings.low_hz, high_hz), btype="bandpass", fs=rate_hz, output="sos"
    )
    whole = np.zeros_like(samples)
    for channel in range(len(samples)):
        known = np.isfinite(samples[channel])
        for begin, end in stretches(known):
            if end - begin > 64:
                piece = samples[channel, begin:end]
                level = piece - piece.mean()
                whole[channel, begin:end] = sosfiltfilt(sections, level, padlen=60)
    return whole


def stretches(known: Flags) -> list[tuple[int, int]]:
    """Where a run of ``True`` begins and ends, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], known.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def thinned(rate_hz: float, settings: ArraySettings) -> int:
    """Of how many samples one is kept; the band stays below 0.3 of the new rate."""
    return max(1, int(rate_hz * 0.3 / min(settings.high_hz, 0.4 * rate_hz)))


def windows(
    samples: Numbers, rate_hz: float, crossing_s: float, settings: ArraySettings
) -> Windows:
    """All windows of a recording, half overlapping.

    Args:
        samples: shape ``(n_channels, n_samples)``, NaN where nothing was recorded.
        rate_hz: sampling rate.
        crossing_s: longest time a wave of the grid takes across the array.
        settings: names band and window.
    """
    known = np.isfinite(samples)
    whole = filtered(samples, rate_hz, settings)
    keep = thinned(rate_hz, settings)
    whole, known, rate = whole[:, ::keep], known[:, ::keep], rate_hz / keep
    length = max(8, round((settings.window_s + 2 * crossing_s) * rate))
    hop = max(1, length // 4)
    begins = np.arange(0, whole.shape[1] - length + 1, hop)
    used = _complete(known, begins, length)
    n_fft = _good_size(length + int(np.ceil(crossing_s * rate)))
    spectra, first = _band(whole, begins, length, n_fft, rate, settings)
    energy = np.sqrt(2 * np.sum(spectra.real**2 + spectra.imag**2, axis=2))
    used &= energy > 0
    scale = np.where(used, 1 / np.where(used, energy, 1), 0.0)
    spectra = spectra * scale[:, :, None]
    return Windows(begins / rate, length / rate, n_fft, rate, first, spectra, used)


def _complete(known: Flags, begins: NDArray[np.int64], length: int) -> Flags:
    """Which channels recorded all of which windows."""
    zero = np.zeros((len(known), 1), np.int64)
    counted = np.concatenate((zero, np.cumsum(known, axis=1, dtype=np.int64)), axis=1)
    recorded = counted[:, begins + length] - counted[:, begins]
    return np.ascontiguousarray(np.equal(recorded.T, length))


def _band(
    whole: Numbers,
    begins: NDArray[np.int64],
    length: int,
    n_fft: int,
    rate_hz: float,
    settings: ArraySettings,
) -> tuple[Spectra, int]:
    """Spectra within the band, and the number of the first bin."""
    first = max(1, int(np.ceil(settings.low_hz * n_fft / rate_hz)))
    high_hz = min(settings.high_hz, 0.4 * rate_hz * thinned(rate_hz, settings))
    last = min(n_fft // 2, int(high_hz * n_fft / rate_hz)) + 1
    if not len(begins):
        return np.empty((0, len(whole), last - first), np.complex128), first
    view = np.lib.stride_tricks.sliding_window_view(whole, length, axis=1)
    out = np.empty((len(begins), len(whole), last - first), np.complex128)
    for at in range(0, len(begins), 256):
        piece = tapered(view[:, begins[at : at + 256]])
        spectrum = np.fft.rfft(piece, n_fft, axis=2)[:, :, first:last]
        out[at : at + 256] = spectrum.transpose(1, 0, 2)
    return out, first


def tapered(pieces: Numbers) -> Numbers:
    """Windows faded in and out, along the last axis."""
    from scipy.signal.windows import tukey

    return np.asarray(pieces * tukey(pieces.shape[-1], 2 * TAPER_RATIO))


def _good_size(least: int) -> int:
    """The next length that transforms fast."""
    from scipy.fft import next_fast_len

    return int(next_fast_len(least, real=True))
