"""Recordings made here: plane waves in noise, and files of the forms sources read."""

import io

import numpy as np

from trucewatch.detect.arrays.recording import Recording

LAT, LON = 48.0, 33.0
BEGIN_NS = 1_900_000_000 * 10**9
METRES = 111_195.0


def layout(count, aperture_m=200.0, seed=3):
    """A ring of channels about one in the middle, east and north in metres."""
    draw = np.random.default_rng(seed)
    turn = 2 * np.pi * np.arange(count - 1) / (count - 1) + 0.3
    ring = 0.5 * aperture_m * np.column_stack((np.sin(turn), np.cos(turn)))
    ring *= 1 + 0.15 * draw.standard_normal((count - 1, 1))
    return np.vstack(([0.0, 0.0], ring))


def burst(times_s, low_hz=1.0, high_hz=5.0, seed=0, length_s=4.0):
    """A band-limited wave train about time 0, a sum of cosines: exact at any time."""
    draw = np.random.default_rng(seed)
    hz = draw.uniform(low_hz, high_hz, 40)
    phase = draw.uniform(0, 2 * np.pi, 40)
    wave = np.cos(2 * np.pi * hz * times_s[..., None] + phase).sum(axis=-1) / 40**0.5
    return 2**0.5 * wave * np.exp(-0.5 * (times_s / (length_s / 2.5)) ** 2)


def in_band(noise, rate_hz, low_hz=1.0, high_hz=5.0):
    """Noise of unit power within the band and as much per hertz outside."""
    return noise * np.sqrt(rate_hz / 2 / (high_hz - low_hz))


def crossing(
    offsets_m,
    hours=0.1,
    rate_hz=20.0,
    waves=(),
    seed=0,
    late_s=None,
    far_m=None,
):
    """A recording of noise and of waves (time s, back-azimuth deg, m/s, SNR dB)."""
    draw = np.random.default_rng(seed)
    count = round(hours * 3600 * rate_hz)
    samples = in_band(draw.standard_normal((len(offsets_m), count)), rate_hz)
    times = np.arange(count) / rate_hz
    for number, (at_s, turn_deg, speed_mps, snr_db) in enumerate(waves):
        turn = np.radians(turn_deg)
        towards = np.array([np.sin(turn), np.cos(turn)])
        delay = -offsets_m @ towards / speed_mps
        if far_m:
            source = far_m * towards
            delay = (np.hypot(*(offsets_m - source).T) - far_m) / speed_mps
        clock = np.zeros(len(offsets_m)) if late_s is None else np.asarray(late_s)
        near = np.abs(times - at_s) < 30
        shifted = times[near] - at_s - delay[:, None] - clock[:, None]
        samples[:, near] += 10 ** (snr_db / 20) * burst(shifted, seed=seed + number)
    return Recording(
        array_id="TST",
        channel_ids=tuple(f"XX.TST{k}..BDF" for k in range(len(offsets_m))),
        lat_deg=LAT + offsets_m[:, 1] / METRES,
        lon_deg=LON + offsets_m[:, 0] / METRES / np.cos(np.radians(LAT)),
        begin_ns=BEGIN_NS,
        rate_hz=rate_hz,
        samples=samples,
        late_s=np.zeros(len(offsets_m)),
    )


def mseed(recording, first=0, last=None, channels=None):
    """The bytes of a recording as miniSEED; NaN begins a gap."""
    from obspy import Stream, Trace, UTCDateTime

    chosen = range(len(recording.channel_ids)) if channels is None else channels
    traces = []
    for channel in chosen:
        row = recording.samples[channel, first:last]
        edges = np.flatnonzero(np.diff(np.r_[0, np.isfinite(row).astype(int), 0]))
        for a, b in edges.reshape(-1, 2):
            at = recording.begin_ns / 1e9 + (first + a) / recording.rate_hz
            header = dict(
                zip(
                    ("network", "station", "location", "channel"),
                    recording.channel_ids[channel].split("."),
                    strict=True,
                )
            )
            header |= {
                "sampling_rate": recording.rate_hz,
                "starttime": UTCDateTime(at),
            }
            whole = np.round(row[a:b] * 1000).astype(np.int32)
            traces.append(Trace(whole, header=header))
    out = io.BytesIO()
    Stream(traces).write(out, format="MSEED", encoding="STEIM2", reclen=512)
    return out.getvalue()


def stations_csv(recording):
    """Where the channels of a recording stand, as CSV."""
    lines = ["array_id,channel_id,lat,lon,elevation_m"]
    for name, lat, lon in zip(
        recording.channel_ids, recording.lat_deg, recording.lon_deg, strict=True
    ):
        lines.append(f"{recording.array_id},{name},{lat:.7f},{lon:.7f},120")
    return "\n".join(lines) + "\n"
