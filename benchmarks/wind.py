"""Wind at an array: pressure that eddies carry past, red and alike only close by.

The spectrum falls as frequency to the -5/3 (Kolmogorov's inertial range). Two channels
``d`` apart see eddies of frequency ``f`` alike as

    exp(-2 pi f (a |d along| + b |d across|) / U) exp(-2 pi i f d along / U)

with U the speed at which they drift. Source: Corcos 1964, the structure of the
turbulent pressure field in boundary-layer flows, Journal of Fluid Mechanics 18;
a = 0.12 and b = 0.7 as usually taken for boundary layers. Gusts change the strength
within minutes.
"""

import numpy as np

ALONG, ACROSS = 0.12, 0.7
BLOCK_S = 300.0
GUST_S = 90.0
GUST_DB = 4.0


def wind(offsets_m, hours, rate_hz=20.0, speed_mps=6.0, turn_deg=0.0, seed=0):
    """Samples of wind, about unit power in 1 to 5 Hz, (n_channels, n_samples)."""
    draw = np.random.default_rng(seed)
    count = round(hours * 3600 * rate_hz)
    block = round(BLOCK_S * rate_hz)
    fade = np.sin(np.pi * (np.arange(block) + 0.5) / block)  # power adds up to one
    factor, hz = _factor(offsets_m, block, rate_hz, speed_mps, np.radians(turn_deg))
    made = np.zeros((len(offsets_m), count + 2 * block))
    for begin in range(0, count + block, block // 2):
        made[:, begin : begin + block] += fade * _block(draw, factor, hz, block)
    made = made[:, block // 2 : block // 2 + count]
    return made * _gusts(draw, count, rate_hz)


def _factor(offsets_m, block, rate_hz, speed_mps, turn):
    """Cholesky factors of the cross-spectra by frequency, shape (n_freq, n, n)."""
    hz = np.fft.rfftfreq(block, 1 / rate_hz)
    towards = np.array([np.sin(turn), np.cos(turn)])
    apart = offsets_m[:, None] - offsets_m[None]
    along = apart @ towards
    across = apart @ np.array([towards[1], -towards[0]])
    wave = 2 * np.pi * hz[:, None, None] / speed_mps
    decay = wave * (ALONG * abs(along) + ACROSS * abs(across))
    cross = np.exp(-decay - 1j * wave * along) + 1e-9 * np.eye(len(offsets_m))
    power = np.maximum(hz, 0.05) ** (-5 / 3)
    power /= power[(hz >= 1) & (hz <= 5)].sum()
    return np.linalg.cholesky(cross) * np.sqrt(power)[:, None, None], hz


def _block(draw, factor, hz, block):
    shape = factor.shape[:2]
    noise = draw.standard_normal(shape) + 1j * draw.standard_normal(shape)
    spectrum = np.einsum("fij,fj->if", factor, noise)
    spectrum[:, 0] = 0.0
    return np.fft.irfft(spectrum, block) * block / 2


def _gusts(draw, count, rate_hz):
    """Strength over time: its level wanders by GUST_DB about its mean."""
    nodes = draw.normal(0, GUST_DB, count // round(GUST_S * rate_hz) + 2)
    at = np.arange(count) / (GUST_S * rate_hz)
    return 10 ** (np.interp(at, np.arange(len(nodes)), nodes) / 20)


def torn(offsets_m, late_s, seed):
    """Delays (s) that turbulence on the way adds, alike over a hundred metres."""
    draw = np.random.default_rng(seed)
    apart = np.hypot(*(offsets_m[:, None] - offsets_m[None]).T)
    alike = np.exp(-((apart / 100.0) ** (5 / 3))) + 1e-9 * np.eye(len(offsets_m))
    return late_s * np.linalg.cholesky(alike) @ draw.standard_normal(len(offsets_m))
