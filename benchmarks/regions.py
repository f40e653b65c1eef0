"""Whether 90 % regions hold, and how far off: `python -m benchmarks.regions [what]`.

lent  every choice of three or four arrays of the two lent events whose place is known,
      all detections of those arrays given, decoys too: 10 cases, not independent
rays  events at random places and days, heard by three arrays or more, through one
      random atmosphere each, of the kind in which ``benchmarks.rays`` counted the
      model's paths: this checks the inference, not the air

Both are done with the shipped settings; lent besides as if the season said nothing.
The largest number of arrivals decides which located event is the one meant.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import numpy as np
from benchmarks.rays import KINDS, atmosphere, trace
from pyproj import Geod

from trucewatch.fuse.arrays.heard import Heard, LocationSettings
from trucewatch.fuse.arrays.listing import listed
from trucewatch.fuse.arrays.locate import Located, locate

GEOD = Geod(ellps="WGS84")
TRUTH = {
    "uttr": (41.131, -112.896, datetime(2004, 6, 2, 17, 23, 4, tzinfo=UTC)),
    "blom": (37.212, -115.283, datetime(2010, 1, 1, 12, 11, 17, tzinfo=UTC)),
}
Truth = tuple[float, float, float]  # latitude, longitude, time (s)


def main() -> None:
    for what in sys.argv[1:] or ["lent", "rays"]:
        {"lent": lent, "rays": rays}[what]()


def lent() -> None:
    data = Path(os.environ["TRUCEWATCH_DATA"])
    uttr = listed((data / "infrasound_uttr_dets/example1.dets.json").read_bytes())
    blom: list[Heard] = []
    for path in sorted((data / "infrasound_blom2020_dets").glob("*.json")):
        blom += listed(path.read_bytes(), path.stem)
    for how, settings in (
        ("shipped", LocationSettings()),
        ("no season", LocationSettings(p_off_season=1 - 1e-9)),
    ):
        every = []
        for name, heard in (("uttr", uttr), ("blom", tuple(blom))):
            lat, lon, when = TRUTH[name]
            true = (lat, lon, when.timestamp())
            arrays = sorted({one.array_id for one in heard})
            rows = [
                scored(kept, true, f"{name} {count} arrays", settings)
                for count in (4, 3)
                for kept in _choices(heard, arrays, count)
            ]
            summed(f"{how}, {name}", rows)
            every += rows
        summed(f"{how}, all", every)


def _choices(
    heard: Sequence[Heard], arrays: Sequence[str], count: int
) -> list[list[Heard]]:
    return [
        [one for one in heard if one.array_id in kept]
        for kept in combinations(arrays, count)
    ]


def scored(
    heard: Sequence[Heard], true: Truth, label: str, settings: LocationSettings
) -> tuple[float, ...]:
    """Kilometres off, whether inside, the half axes in km, seconds off; NaN if none."""
    found, _ = locate(heard, settings)
    near = [one for one in found if abs(one.time_s - true[2]) < 1800]
    if not near:
        print(f"  {label}: no event")
        return (np.nan, 0.0, np.nan, np.nan, np.nan)
    best = max(near, key=lambda one: (len(one.matches), one.p))
    row = off(best, true)
    inside = "inside" if row[1] else "OUTSIDE"
    print(
        f"  {label}: {row[0]:.0f} km off, {inside} {row[2]:.0f} by {row[3]:.0f} km, "
        f"{row[4]:+.0f} s, {len(best.matches)} arrivals, {len(near)} events",
        flush=True,
    )
    return row


def off(one: Located, true: Truth) -> tuple[float, ...]:
    place = one.place
    turn, _, away = GEOD.inv(place.lon_deg, place.lat_deg, true[1], true[0])
    angle = np.radians(turn - place.azimuth_deg)
    far = np.hypot(
        away * np.cos(angle) / place.semi_major_m,
        away * np.sin(angle) / place.semi_minor_m,
    )
    axes = place.semi_major_m / 1e3, place.semi_minor_m / 1e3
    return (away / 1e3, float(far <= 1), *axes, one.time_s - true[2])


def summed(label: str, rows: Sequence[tuple[float, ...]]) -> None:
    table = np.array(rows)
    print(
        f"{label}: inside in {table[:, 1].sum():.0f} of {len(table)}, "
        f"median {np.nanmedian(table[:, 0]):.1f} km off, "
        f"median axes {np.nanmedian(table[:, 2]):.0f} by "
        f"{np.nanmedian(table[:, 3]):.0f} km, "
        f"median {np.nanmedian(abs(table[:, 4])):.0f} s off, "
        f"{np.isnan(table[:, 0]).sum()} not located"
    )


def rays(count: int = 24, seed: int = 31) -> None:
    """Events simulated with rays; bearings are off by the wind's drift and by 2.5°."""
    draw = np.random.default_rng(seed)
    rows = []
    while len(rows) < count:
        made = simulated(draw)
        if sum(one.name.endswith("-true") for one in made[0]) >= 3:
            label = f"ray event {len(rows)}"
            rows.append(scored(made[0], made[1], label, LocationSettings()))
    summed("rays", rows)


def simulated(draw: np.random.Generator) -> tuple[list[Heard], Truth]:
    """One event and what arrays 150 to 900 km off hear of it, one decoy an array."""
    day = int(draw.integers(0, 365))
    when = datetime(2010, 1, 1, 12, tzinfo=UTC).timestamp() + 86_400.0 * day
    true = (float(draw.uniform(35, 55)), float(draw.uniform(-10, 30)), when)
    season = 2 * np.pi * (day - 14) / 365.25
    _, *air = atmosphere(draw, season)
    heard: list[Heard] = []
    for number in range(int(draw.integers(4, 8))):
        azimuth, away_m = draw.uniform(0, 360), draw.uniform(150e3, 900e3)
        lon, lat, back = GEOD.fwd(true[1], true[0], azimuth, away_m)
        way = _way(draw, air, np.radians(azimuth), away_m / 1e3)
        arrivals = []
        if way is not None:
            arrivals.append((when + way[0], back + way[1]))
        arrivals += [
            (when + draw.uniform(-3600, 5400), draw.uniform(0, 360))
            for _ in range(int(draw.poisson(1)))
        ]
        for row, (time_s, turn_deg) in enumerate(arrivals):
            sd = 2.5
            turn = (turn_deg + draw.normal(0, sd)) % 360
            true_one = way is not None and row == 0
            name = f"{number}-{'true' if true_one else row}"
            heard.append(Heard(name, f"A{number}", lat, lon, time_s, turn, sd))
    return heard, true


def _way(draw, air, azimuth: float, away_km: float) -> tuple[float, float] | None:
    """Travel time (s) and turn (deg, clockwise) of one arrival; ``None`` if unheard.

    One of the rays that come down, after one bounce or more, within 15 km of the array.
    The thermosphere swallows seven tenths of what it sends back.
    """
    turn, far, time, drift = trace(*air, azimuth)
    ways = []
    for kind, (_, low, high) in enumerate(KINDS):
        hops = np.maximum(1, np.round(away_km / np.maximum(far, 1)))
        there = (turn >= low) & (turn < high) & (far > 5)
        there &= (abs(hops * far - away_km) < 15) & (hops <= 8)
        if there.any() and (kind < 2 or draw.random() < 0.3):
            ways.append((kind, np.flatnonzero(there)))
    if not ways:
        return None
    ray = int(draw.choice(ways[0][1]))
    # A drift to the right turns where it seems to come from to the right, seen there:
    # the front heads left of the path, and back along it lies a place to the right.
    seems = float(np.degrees(drift[ray] / far[ray]))
    return away_km * time[ray] / far[ray], -seems


if __name__ == "__main__":
    main()
