"""PyOcto and GaMMA on a simulated set, in an environment of their own.

Run by ``bench.py --peers PYTHON``: ``PYTHON peers.py SET NAME OUT MOST_S``. Needs
numpy, pandas, pyocto 0.2.2 and gmma 1.2.17; they are never dependencies of trucewatch.
After MOST_S processor seconds it is stopped, and leaves nothing.
Writes OUT.csv (time, x, y in seconds and metres) and OUT.json (processor seconds of
the association alone, without import, reading and writing; peak memory).

Settings: PyOcto (Munchmeyer 2024, Seismica 3(1)) the better of two per set, the best of
13 tried when the model was written; GaMMA (Zhu et al. 2022, JGR 127) the best of five.
Both take one speed of sound, that of the forecast's mean temperature.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

EPOCH_S = 1_700_000_000.0
EDGE_KM = 1.0
PYOCTO = {  # least picks, tolerance s, node km, match s, least share of picks
    "pyocto-wide": (5, 0.20, 0.5, 0.30, 0.25),
    "pyocto-tight": (6, 0.15, 0.25, 0.25, 0.5),
}


def main() -> None:
    folder, name, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    most_s = int(sys.argv[4])
    resource.setrlimit(resource.RLIMIT_CPU, (most_s, most_s))
    sensors = pd.read_csv(folder / "sensors.csv")
    picks = pd.read_csv(folder / "picks.csv")
    temp_c = float(pd.read_csv(folder / "met.csv").temp_c.mean())
    speed_km = 0.3313 * float(np.sqrt(1 + temp_c / 273.15))
    run = gamma if name == "gamma" else pyocto
    found, cpu_s = run(sensors, picks, speed_km, name)
    found.to_csv(out.with_suffix(".csv"), index=False)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    body = {"cpu_s": cpu_s, "peak_rss_mb": peak_mb}
    out.with_suffix(".json").write_text(json.dumps(body))


def pyocto(
    sensors: pd.DataFrame, picks: pd.DataFrame, speed_km: float, name: str
) -> tuple[pd.DataFrame, float]:
    import pyocto

    least, tolerance_s, node_km, match_s, share = PYOCTO[name]
    model = pyocto.VelocityModel0D(
        p_velocity=speed_km,
        s_velocity=0.6 * speed_km,
        tolerance=tolerance_s,
        association_cutoff_distance=16,
    )
    stations = pd.DataFrame({
        "id": sensors.sensor_id,
        "x": sensors.x / 1e3,
        "y": sensors.y / 1e3,
        "z": 0.0,
    })
    table = pd.DataFrame({
        "station": picks.sensor_id,
        "phase": "P",
        "time": picks.time + EPOCH_S,
    })
    associator = pyocto.OctoAssociator(
        xlim=(-EDGE_KM, 100 + EDGE_KM),
        ylim=(-EDGE_KM, 40 + EDGE_KM),
        zlim=(0, 0.1),
        velocity_model=model,
        time_before=60,
        time_slicing=600,
        n_picks=least,
        n_p_picks=least,
        n_s_picks=0,
        n_p_and_s_picks=0,
        min_node_size=node_km,
        min_node_size_location=0.05,
        pick_match_tolerance=match_s,
        min_interevent_time=0.0,
        min_pick_fraction=share,
        n_threads=1,
    )
    began = time.process_time()
    events, _ = associator.associate(table, stations)
    cpu_s = time.process_time() - began
    if len(events) == 0:
        return pd.DataFrame({"time": [], "x": [], "y": []}), cpu_s
    where = {"x": events.x * 1e3, "y": events.y * 1e3}
    return pd.DataFrame({"time": events.time - EPOCH_S, **where}), cpu_s


def gamma(
    sensors: pd.DataFrame, picks: pd.DataFrame, speed_km: float, _name: str
) -> tuple[pd.DataFrame, float]:
    from gamma.utils import association, estimate_eps

    stations = pd.DataFrame({
        "id": sensors.sensor_id,
        "x(km)": sensors.x / 1e3,
        "y(km)": sensors.y / 1e3,
        "z(km)": 0.0,
    })
    table = pd.DataFrame({
        "id": picks.sensor_id,
        "timestamp": pd.to_datetime(picks.time + EPOCH_S, unit="s"),
        "type": "p",
        "prob": 1.0,
    })
    edges = ((-EDGE_KM, 100 + EDGE_KM), (-EDGE_KM, 40 + EDGE_KM), (0, 0.3))
    config = {
        "dims": ["x(km)", "y(km)", "z(km)"],
        "use_amplitude": False,
        "x(km)": (0, 100),
        "y(km)": (0, 40),
        "z(km)": (0, 0.2),
        "vel": {"p": speed_km, "s": 0.6 * speed_km},
        "method": "BGMM",
        "oversample_factor": 4,
        "bfgs_bounds": (*edges, (None, None)),
        "use_dbscan": True,
        "dbscan_eps": estimate_eps(stations, speed_km),
        "dbscan_min_samples": 3,
        "min_picks_per_eq": 5,
        "min_p_picks_per_eq": 0,
        "min_s_picks_per_eq": 0,
        "max_sigma11": 1.0,
        "max_sigma22": 1.0,
        "max_sigma12": 1.0,
        "ncpu": 1,
    }
    began = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        events, _ = association(table, stations, config, 0, "BGMM")
    cpu_s = time.process_time() - began
    rows = [
        {
            "time": (pd.Timestamp(one["time"]) - pd.Timestamp(0)).total_seconds(),
            "x": 1e3 * one["x(km)"],
            "y": 1e3 * one["y(km)"],
        }
        for one in events
    ]
    found = pd.DataFrame(rows, columns=["time", "x", "y"])
    found["time"] -= EPOCH_S
    return found, cpu_s


if __name__ == "__main__":
    main()
