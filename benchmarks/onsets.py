"""How well onsets of simulated bangs are found and timed, in noise and in wind.

``python -m benchmarks.onsets`` prints shares found, errors and stated errors.
"""

import time
from itertools import product

import numpy as np
from scipy.signal import butter, sosfilt

from trucewatch.collect.onsets import PRESSURE, SOUND, onsets

COUNT = 100
# Settings, samples per second, length of the pulse, length of the window (s).
SCENES = {
    "sound": (SOUND, 8000, 0.004, 10),
    "pressure": (PRESSURE, 100, 0.3, 120),
}


def bang(time_s, long_s):
    """A pulse of unit height: a front, a fall, a weak trough (Friedlander)."""
    since = np.clip(time_s, 0, None) / long_s
    return np.where(time_s >= 0, (1 - since) * np.exp(-since), 0.0)


def wind(draw, count, rate_hz, rms):
    """Noise whose power falls with frequency as turbulence has it (-5/3)."""
    hz = np.fft.rfftfreq(count, 1 / rate_hz)
    hz[0] = hz[1]
    phase = np.exp(2j * np.pi * draw.random(len(hz)))
    noise = np.fft.irfft(hz ** (-5 / 6) * phase, count)
    return rms * noise / noise.std()


def scene(draw, kind, *, windy, snr_db):
    """Samples with one bang in the middle, and when it begins."""
    found, rate_hz, long_s, window_s = kind
    count = int(window_s * rate_hz)
    at = window_s / 2 + draw.random() * 5 / rate_hz
    noise = draw.standard_normal(count)
    if windy:
        noise += wind(draw, count, rate_hz, 10)
    band = (found.low_hz, min(found.high_hz, 0.45 * rate_hz))
    sos = butter(2, band, "bandpass", fs=rate_hz, output="sos")
    pulse = bang(np.arange(count) / rate_hz - at, long_s)
    scale = sosfilt(sos, noise)[int(rate_hz) :].std() / abs(sosfilt(sos, pulse)).max()
    return noise + pulse * scale * 10 ** (snr_db / 20), at


def tried(kind, *, windy, snr_db):
    """Errors of the bangs found, and the errors stated, seconds."""
    draw, errors, stated = np.random.default_rng(5), [], []
    for _ in range(COUNT):
        samples, at = scene(draw, kind, windy=windy, snr_db=snr_db)
        found = onsets(samples, kind[1], kind[0])
        near = [one for one in found if abs(one.at_s - at) < 10 * kind[0].short_s]
        errors += [one.at_s - at for one in near[:1]]
        stated += [one.sd_s for one in near[:1]]
    return np.array(errors), np.array(stated)


def main():
    for name, windy, snr_db in product(SCENES, (False, True), (10, 15, 20, 30, 40)):
        errors, stated = tried(SCENES[name], windy=windy, snr_db=snr_db)
        rms_ms = 1e3 * np.sqrt(np.mean(errors**2)) if len(errors) else np.nan
        told_ms = 1e3 * np.median(stated) if len(stated) else np.nan
        print(
            f"{name} {'wind' if windy else 'calm'} {snr_db} dB: found "
            f"{len(errors) / COUNT:.2f}, rms {rms_ms:.2f} ms, stated {told_ms:.2f} ms"
        )
    for name, hours in (("sound", 1), ("pressure", 24)):
        found, rate_hz, _, _ = SCENES[name]
        draw, count = np.random.default_rng(1), int(rate_hz * 3600 * hours)
        noise = draw.standard_normal(count) + wind(draw, count, rate_hz, 10)
        began = time.process_time()
        false = len(onsets(noise, rate_hz, found))
        took_s = time.process_time() - began
        print(f"{name}: {false} in {hours} h of wind, {took_s:.1f} s")


if __name__ == "__main__":
    main()
