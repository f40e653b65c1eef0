"""Array processing measured: `python -m benchmarks.arrays [what]`.

speed  against ObsPy's array_processing on the same data, windows and grid, one run,
       CPU time, and one hour of eight channels at 20 Hz through the whole pipeline
noise  days of Gaussian noise and of wind, detections counted
curve  detection probability and bearing error against the Cramer-Rao bound by
       signal-to-noise ratio, for the defects named or for all; `--trials N` per
       point; `--plot FILE` draws it
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
from benchmarks.wind import torn, wind
from tests.waves import burst, crossing, layout

from trucewatch.detect.arrays.process import arrivals
from trucewatch.detect.arrays.scan import best
from trucewatch.detect.arrays.settings import ArraySettings
from trucewatch.detect.arrays.spectra import windows

DEFAULT = ArraySettings()


def cpu_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def speed() -> None:  # noqa: PLR0915
    from obspy import Stream, Trace, UTCDateTime
    from obspy.core.util import AttribDict
    from obspy.signal.array_analysis import array_processing

    offsets = layout(8)
    waves = [(20 + 40 * k, 37.0 * k % 360, 340.0, 10.0) for k in range(14)]
    made = crossing(offsets, hours=1 / 6, waves=waves)
    stream = Stream()
    for channel, row in enumerate(made.samples):
        trace = Trace(
            row.copy(), header={"sampling_rate": 20.0, "station": f"{channel}"}
        )
        trace.stats.starttime = UTCDateTime(0)
        east, north = offsets[channel] / 1000
        trace.stats.coordinates = AttribDict(x=east, y=north, elevation=0.0)
        stream.append(trace)
    axis = np.arange(-40, 41) * 1e-4
    nodes = np.array([(x, y) for x in axis for y in axis])
    found: dict[str, np.ndarray] = {}

    def theirs() -> None:
        out = array_processing(
            stream,
            win_len=10.0,
            win_frac=0.25,
            sll_x=-4.0,
            slm_x=4.0,
            sll_y=-4.0,
            slm_y=4.0,
            sl_s=0.1,
            semb_thres=-1e9,
            vel_thres=-1e9,
            frqlow=1.0,
            frqhigh=5.0,
            stime=UTCDateTime(0),
            etime=UTCDateTime(599.9),
            prewhiten=0,
            coordsys="xy",
            timestamp="julsec",
            method=0,
        )
        turn = np.radians(out[:, 3])
        # back-azimuth and slowness (s/km) to the slowness vector of propagation
        east, north = -out[:, 4] * np.sin(turn), -out[:, 4] * np.cos(turn)
        found["ObsPy"] = np.column_stack((out[:, 0] + 5, east / 1e3, north / 1e3))

    def ours() -> None:
        cut = windows(made.samples, 20.0, 0.0, DEFAULT)
        peaks = best(cut, made.offsets_m, nodes)
        found["trucewatch"] = np.column_stack((cut.begin_s + 5, peaks[:, :2]))

    ours()
    mine, other = cpu_s(ours), cpu_s(theirs)
    print(f"{len(nodes)} nodes, {len(found['trucewatch'])} windows, 8 channels")
    for name, rows in found.items():
        print(f"  {name:10} rms slowness error {_error(rows, waves) * 1e6:.1f} us/m")
    print(f"  ObsPy {other:.2f} s, trucewatch {mine:.3f} s: {other / mine:.0f} times")
    hour = crossing(offsets, hours=1.0, waves=waves)
    arrivals(hour, DEFAULT)
    took = cpu_s(lambda: arrivals(hour, DEFAULT))
    print(f"one hour of 8 channels at 20 Hz, all steps: {took:.2f} s of CPU")


def _error(rows: np.ndarray, waves: list[tuple[float, ...]]) -> float:
    """Root mean square of slowness errors of the windows nearest to the waves."""
    off = []
    for at_s, turn_deg, speed_mps, _ in waves:
        row = rows[np.argmin(abs(rows[:, 0] - at_s))]
        turn = np.radians(turn_deg)
        true = -np.array([np.sin(turn), np.cos(turn)]) / speed_mps
        off.append(np.sum((row[1:] - true) ** 2) / 2)
    return float(np.sqrt(np.mean(off)))


def noise(days: int = 2) -> None:
    for count in (4, 8):
        found = 0
        for day in range(days):
            quiet = crossing(layout(count), hours=24.0, seed=1000 + day)
            found += len(arrivals(quiet, DEFAULT))
        print(f"{count} channels, {days} days of noise: {found} detections")
    for count, aperture_m, speed_mps in ((4, 200, 6), (8, 200, 6), (4, 30, 15)):
        found = 0
        offsets = layout(count, float(aperture_m))
        for day in range(days):
            made = crossing(offsets, hours=24.0, seed=2000 + day)
            made.samples[:] = wind(offsets, 24.0, 20.0, speed_mps, 50.0 * day, day)
            found += len(arrivals(made, DEFAULT))
        print(
            f"{count} channels over {aperture_m} m, {days} days of wind of "
            f"{speed_mps} m/s: {found} detections"
        )


DEFECTS = ("none", "gaps", "glitches", "clocks", "curved", "torn", "wind")
SNR_DB = (0.0, 5.0, 10.0, 15.0, 20.0)


def curve(trials: int = 60) -> None:
    trials = int(_told("--trials", str(trials)))
    defects = [one for one in DEFECTS if one in sys.argv] or list(DEFECTS)
    offsets = layout(8)
    print("defect     SNR dB  detected  bearing rms deg  CRLB deg  said sd deg")
    rows = {}
    for defect in defects:
        for snr_db in SNR_DB:
            share, rms, bound, said = _point(defect, snr_db, offsets, trials)
            rows[defect, snr_db] = share, rms, bound
            head = f"{defect:10} {snr_db:6.0f}  {share:8.2f}"
            print(f"{head}  {rms:15.2f}  {bound:8.2f}  {said:11.2f}", flush=True)
    if path := _told("--plot", ""):
        _drawn(rows, path)


def _told(name: str, default: str) -> str:
    """What follows a word of the command line."""
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else default


def _point(
    defect: str, snr_db: float, offsets: np.ndarray, trials: int
) -> tuple[float, float, float, float]:
    """Share detected, rms error, its bound and the stated error, the last three deg."""
    off, said = [], []
    draw = np.random.default_rng(int(snr_db) + 100 * DEFECTS.index(defect))
    per_run = 12
    for run in range(trials // per_run):
        turns = draw.uniform(0, 360, per_run)
        waves = [(60 + 90 * k, t, 345.0, snr_db) for k, t in enumerate(turns)]
        late = draw.normal(0, 0.01, 8) if defect == "clocks" else None
        late = torn(offsets, 0.02, run) if defect == "torn" else late
        far = 1500.0 if defect == "curved" else None
        made = crossing(
            offsets, hours=0.32, waves=waves, seed=run + 7, late_s=late, far_m=far
        )
        if defect == "wind":
            quiet = crossing(offsets, hours=0.32, seed=run + 7)
            made.samples[:] += wind(offsets, 0.32, seed=run) - quiet.samples
        _spoil(made.samples, defect, draw)
        found = arrivals(made, DEFAULT)
        for at_s, turn, *_ in waves:
            near = [
                one
                for one in found
                if abs((one.time_ns - made.begin_ns) / 1e9 - at_s) < 10
                and abs((one.back_azimuth_deg - turn + 180) % 360 - 180) < 20
            ]
            if near:
                off.append((near[0].back_azimuth_deg - turn + 180) % 360 - 180)
                said.append(near[0].back_azimuth_sd_deg)
    share = len(off) / (trials // per_run * per_run)
    rms = float(np.sqrt(np.mean(np.square(off)))) if off else np.nan
    mean = float(np.mean(said)) if said else np.nan
    return share, rms, _bound_deg(offsets, snr_db), mean


def _drawn(rows: dict[tuple[str, float], tuple[float, ...]], path: str) -> None:
    """Detection probability and bearing error over the ratio, one line per defect."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams["svg.hashsalt"] = "arrays"
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    share, error = figure.subplots(1, 2)
    for number, defect in enumerate(dict.fromkeys(one for one, _ in rows)):
        lines = np.array([rows[defect, snr_db] for snr_db in SNR_DB])
        look = {"marker": "osv^Dxp"[number], "label": defect, "lw": 1.2, "ms": 4}
        share.plot(SNR_DB, lines[:, 0], **look)
        error.semilogy(SNR_DB, lines[:, 1], **look)
    error.semilogy(SNR_DB, lines[:, 2], "k--", label="Cramér–Rao bound")
    share.set(xlabel="ratio in the band, dB", ylabel="detected", ylim=(0, 1.05))
    error.set(xlabel="ratio in the band, dB", ylabel="bearing, rms deg")
    error.legend(fontsize=7)
    figure.savefig(path, metadata={"Date": None})


def _spoil(samples: np.ndarray, defect: str, draw: np.random.Generator) -> None:
    count = samples.shape[1]
    if defect == "gaps":
        for channel in (1, 4):
            for begin in draw.integers(0, count - 400, 12):
                samples[channel, begin : begin + 400] = np.nan
    if defect == "glitches":
        at = draw.integers(0, count, (8, 20))
        for channel in range(8):
            samples[channel, at[channel]] += 50 * draw.choice([-1, 1], 20)


def _bound_deg(offsets: np.ndarray, snr_db: float) -> float:
    """Cramer-Rao bound of the bearing of a burst, mean over azimuth.

    White noise of unit power in 4 Hz: J = 2 / N0 times the energy of the derivative.
    """
    times = np.arange(-20, 20, 1 / 200)
    wave = (
        10 ** (snr_db / 20)
        * np.mean(
            [np.gradient(burst(times, seed=s), times) ** 2 for s in range(8)], axis=0
        )
        ** 0.5
    )
    energy = np.sum(wave**2) / 200
    per_delay = energy / (1 / (2 * 4.0))
    apart = offsets - offsets.mean(axis=0)
    cov = np.linalg.inv(apart.T @ apart * per_delay)
    return float(np.degrees(np.sqrt(np.trace(cov) / 2) * 345.0))


if __name__ == "__main__":
    every = {"speed": speed, "noise": noise, "curve": curve}
    for what in [one for one in sys.argv[1:] if one in every] or every:
        every[what]()
