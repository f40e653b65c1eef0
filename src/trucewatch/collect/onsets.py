"""Sudden onsets in sampled sound or pressure, with how well each is timed.

1. a band, then the power of the last moment over that of the time before (STA/LTA)
2. about each rise the split into noise before and signal after that explains the
   samples best; how much better than its neighbours says how well it is timed
3. what does not stand out of its own window like a bang is left

Source: Maeda 1985, doi:10.4294/zisin1948.38.3_365 (split by AIC); Akaike weights for
the error; Saragiotis et al. 2002, doi:10.1109/TGRS.2002.800438 (kurtosis).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

Samples = NDArray[np.float64]  # shape (n_samples,)

_LEAST_SAMPLES = 64
_TINY = 1e-30


@dataclass(frozen=True, slots=True)
class OnsetSettings:
    """What counts as an onset; expert judgement, tried on simulated bangs in wind.

    Attributes:
        low_hz: lower edge of the band; wind lies below.
        high_hz: upper edge; at most 0.45 of the sampling rate is used.
        short_s: the moment whose power is compared.
        long_s: the time before it.
        on_ratio: of powers, from which something begins.
        off_ratio: of powers, below which it has ended.
        apart_s: onsets nearer to each other are one.
        kurtosis_ratio: of the samples about an onset; 3 for Gaussian noise.
    """

    low_hz: float
    high_hz: float
    short_s: float
    long_s: float
    on_ratio: float = 6.0
    off_ratio: float = 2.0
    apart_s: float = 0.25
    kurtosis_ratio: float = 5.0


# A shot or a shell near a microphone, and the same on a channel of 20 to 200 Hz.
SOUND = OnsetSettings(low_hz=30.0, high_hz=2000.0, short_s=0.006, long_s=1.0)
PRESSURE = OnsetSettings(
    low_hz=1.0, high_hz=20.0, short_s=0.3, long_s=10.0, apart_s=2.0, kurtosis_ratio=4.0
)


@dataclass(frozen=True, slots=True)
class Onset:
    """One onset.

    Attributes:
        at_s: after the first sample.
        sd_s: standard deviation of that, from the samples alone.
        snr_db: greatest amplitude after it over the rms before, in the band.
        peak_ratio: greatest amplitude in the band over one unit of the samples.
    """

    at_s: float
    sd_s: float
    snr_db: float
    peak_ratio: float


def onsets(
    samples: Samples, rate_hz: float, settings: OnsetSettings
) -> tuple[Onset, ...]:
    """All onsets in order; stretches of NaN divide the samples and hide what is near.

    Args:
        samples: of one channel, equally spaced.
        rate_hz: of samples.
        settings: the band and what stands out.
    """
    known = np.concatenate(([False], np.isfinite(samples), [False]))
    edges = np.flatnonzero(np.diff(known.astype(np.int8)))
    found: list[Onset] = []
    for begin, end in edges.reshape(-1, 2).tolist():
        if end - begin >= max(_LEAST_SAMPLES, settings.long_s * rate_hz):
            part = _stretch(samples[begin:end], rate_hz, settings)
            shift_s = begin / rate_hz
            found += [
                Onset(one.at_s + shift_s, one.sd_s, one.snr_db, one.peak_ratio)
                for one in part
            ]
    return tuple(found)


def _stretch(samples: Samples, rate_hz: float, settings: OnsetSettings) -> list[Onset]:
    """Onsets of samples without a gap."""
    high_hz = min(settings.high_hz, 0.45 * rate_hz)
    if high_hz <= settings.low_hz:
        return []
    band = butter(2, (settings.low_hz, high_hz), "bandpass", fs=rate_hz, output="sos")
    heard = np.asarray(sosfilt(band, samples - np.median(samples)), np.float64)
    free = 2 * (high_hz - settings.low_hz) / rate_hz  # independent per sample
    last, found = -np.inf, []
    for rise in _rises(heard, rate_hz, settings):
        one = _timed(heard, rise, rate_hz, free, settings)
        if one is not None and one.at_s - last >= settings.apart_s:
            found.append(one)
            last = one.at_s
    return found


def _rises(heard: Samples, rate_hz: float, settings: OnsetSettings) -> list[int]:
    """Samples at which the power of the moment first exceeds that of the time before.

    Nothing is said of the first ``long_s``, in which there is nothing to compare with.
    """
    power = heard**2 + _TINY
    short = _mean(power, settings.short_s * rate_hz)
    delay = round(2 * settings.short_s * rate_hz)
    long = _mean(power, settings.long_s * rate_hz)
    before = np.concatenate((np.full(delay, long[0]), long))[: len(long)]
    ratio = short / before
    ratio[: round(settings.long_s * rate_hz)] = 0.0
    rises, on = [], False
    for at in np.flatnonzero(_crossings(ratio, settings)).tolist():
        if not on and ratio[at] >= settings.on_ratio:
            rises.append(at)
            on = True
        elif on and ratio[at] < settings.off_ratio:
            on = False
    return rises


def _mean(power: Samples, span: float) -> Samples:
    """Mean that forgets with ``span`` samples, begun at the mean of the first."""
    share = 1 / max(span, 1.0)
    start = float(power[: max(int(span), 1)].mean())
    rest = [(1 - share) * start]
    made, _ = lfilter([share], [1, share - 1], power, zi=rest)
    return np.asarray(made, np.float64)


def _crossings(ratio: Samples, settings: OnsetSettings) -> NDArray[np.bool_]:
    """Where the ratio crosses one of the two thresholds."""
    up, down = ratio >= settings.on_ratio, ratio < settings.off_ratio
    crossed = np.zeros(len(ratio), np.bool_)
    crossed[1:] = (up[1:] & ~up[:-1]) | (down[1:] & ~down[:-1])
    return crossed


def _timed(
    heard: Samples, rise: int, rate_hz: float, free: float, settings: OnsetSettings
) -> Onset | None:
    """The onset at a rise with its error; ``None`` if nothing there is a bang.

    Args:
        heard: samples in the band.
        rise: where the power exceeded.
        rate_hz: of samples.
        free: independent values per sample in this band.
        settings: as above.
    """
    reach = max(round(4 * settings.short_s * rate_hz), _LEAST_SAMPLES // 2)
    begin, end = max(rise - 2 * reach, 0), min(rise + reach, len(heard))
    part = heard[begin:end]
    if len(part) < _LEAST_SAMPLES // 2 or _kurtosis(part) < settings.kurtosis_ratio:
        return None
    noise = heard[max(begin - 4 * reach, 0) : begin]
    if len(noise) < _LEAST_SAMPLES // 2:
        noise = part[: len(part) // 2]
    split = _aic(part[: int(np.argmax(np.abs(part))) + 2]) * free
    if not split.size:
        return None  # it is loudest at the very start: that bang was before
    weight = np.exp(-0.5 * (split - split.min()))
    weight /= weight.sum()
    places = np.arange(len(split)) + 2.0
    at = float(weight @ places)
    spread = float(weight @ (places - at) ** 2) + 1 / 12
    peak = float(np.abs(part).max())
    rms = float(np.sqrt(np.mean(noise**2))) + _TINY
    return Onset(
        at_s=(begin + at) / rate_hz,
        sd_s=float(np.sqrt(spread)) / rate_hz,
        snr_db=20 * log10(max(peak / rms, _TINY)),
        peak_ratio=peak,
    )


def _aic(part: Samples) -> Samples:
    """Twice the negative log-likelihood of noise before and signal after each sample.

    Shape ``(n_samples - 3,)``: splits before samples 2 to n - 2.
    """
    total = np.cumsum(part**2 + _TINY)
    count = np.arange(2, len(part) - 1)
    before = total[count - 1] / count
    after = (total[-1] - total[count - 1]) / (len(part) - count)
    made: Samples = count * np.log(before) + (len(part) - count) * np.log(
        np.maximum(after, _TINY)
    )
    return made


def _kurtosis(part: Samples) -> float:
    off = part - part.mean()
    return float(np.mean(off**4) / (np.mean(off**2) ** 2 + _TINY))
