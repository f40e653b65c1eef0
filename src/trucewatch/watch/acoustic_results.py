"""Incidents and arrivals as tables, in the frame and the clock of the files read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from trucewatch.fuse.acoustic.solution import Solution
from trucewatch.fuse.acoustic.version import name_of
from trucewatch.watch.acoustic_files import Clock, Heard
from trucewatch.watch.ground_frame import SQRT_CHI2_90, axes

_ELLIPSE = "semi_major_m,semi_minor_m,azimuth_deg"
DECIMALS = {"x_m": 2, "y_m": 2, "lat": 7, "lon": 7}
_SINCE = datetime(1970, 1, 1, tzinfo=UTC)


def write_incidents(heard: Heard, solution: Solution, path: Path) -> tuple[str, ...]:
    """One row per incident in order of time stands in ``path``; the names of all.

    The ellipse holds the place with 90 %; its azimuth is that of the longer axis,
    clockwise from north. A name is a hash of the ids of the picks: it does not change
    with the order of rows, the frame or the clock.
    """
    picks = _picks_of(heard, solution)
    names = tuple(name_of(one) for one in picks)
    columns = heard.frame.columns
    first, second = heard.frame.back(solution.x_m, solution.y_m)
    cov = solution.cov
    long, short, turn = axes(cov[:, 0, 0], cov[:, 0, 1], cov[:, 1, 1])
    turn = np.mod(turn - heard.frame.north_deg(solution.x_m, solution.y_m), 180.0)
    time = f"time{heard.clock.suffix}"
    places = [DECIMALS[name] for name in columns]
    rows = [
        f"incident_id,{time},{','.join(columns)},{_ELLIPSE},"
        "time_sd_s,probability,n_arrivals"
    ]
    for k, name in enumerate(names):
        rows.append(
            f"{name},{shown_time(heard.clock, float(solution.time_s[k]))},"
            f"{first[k]:.{places[0]}f},{second[k]:.{places[1]}f},"
            f"{SQRT_CHI2_90 * long[k]:.2f},{SQRT_CHI2_90 * short[k]:.2f},"
            f"{turn[k]:.2f},{np.sqrt(cov[k, 2, 2]):.4f},"
            f"{solution.probability[k]:.4f},{solution.n_arrivals[k]}"
        )
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return names


def write_arrivals(
    heard: Heard, solution: Solution, names: tuple[str, ...], path: Path
) -> None:
    """One row per pick that belongs to an incident, in the order of the incidents."""
    rows = ["incident_id,pick_id,residual_s,weight"]
    ids = heard.pick_id.take(solution.pick).to_pylist()
    for k, pick in enumerate(ids):
        name = names[int(solution.incident[k])]
        residual, weight = solution.residual_s[k], solution.weight[k]
        rows.append(f"{name},{pick},{residual:.4f},{weight:.4f}")
    path.write_text("\n".join(rows) + "\n", "utf-8")


def shown_time(clock: Clock, time_s: float) -> str:
    """A time of the engine in the form of the files, to a tenth of a millisecond."""
    if not clock.iso:
        return f"{clock.origin_s + time_s:.4f}"
    tenths = round(time_s * 1e4)
    moment = _SINCE + timedelta(seconds=clock.origin_s, microseconds=100 * tenths)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 100:04d}Z"


def _picks_of(heard: Heard, solution: Solution) -> Iterator[list[str]]:
    """The ids of the picks of each incident."""
    ids = [str(one) for one in heard.pick_id.take(solution.pick)]
    edges = np.searchsorted(solution.incident, np.arange(len(solution.time_s) + 1))
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        yield ids[begin:end]
