"""War fires put among the fires of a peace year: the injection model.

Three kinds, a third of the fires each, all at random days of the year:

lone      one strike on one day, anywhere on land, by area
settled   a strike within 3 km (standard deviation) of a settlement drawn from the
          gazetteer, one to three occasions within 30 days
front     a place within 5 km of a line of four random points across the country's
          east (lon > 31), two to eight occasions within 60 days, each within 1.5 km

Every occasion shows one pixel, and with chance 0.4 each a further one within 500 m.
Where a year has daily weather per province, an occasion is seen with the chance of
clear sky of its province and day; else always. Nothing here is fitted to the war.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from trucewatch.detect.thermal.fires import Fires
from trucewatch.detect.thermal.grid import Grid

DATA = Path(os.environ["TRUCEWATCH_DATA"])
KINDS = ("lone", "settled", "front")
OCCASIONS = 900  # of each kind and year, before cloud
KM = 1 / 111.195


@dataclass(frozen=True)
class Injected:
    """Pixels injected, with the kind each belongs to."""

    lat_deg: np.ndarray
    lon_deg: np.ndarray
    day: np.ndarray
    kind: np.ndarray


def inject(year: int, grid: Grid, land: np.ndarray, days: np.ndarray) -> Injected:
    chance = np.random.default_rng([7, year])
    makers = (_lone, _settled, _front)
    parts = [make(chance, grid, land, days) for make in makers]
    lat, lon, day = (np.concatenate([p[i] for p in parts]) for i in range(3))
    kind = np.repeat(np.arange(3), [len(p[0]) for p in parts])
    on_land = land[grid.cells(lat, lon)] & (day <= days[-1])
    seen = on_land & (chance.random(len(lat)) < _clear(year, lat, lon, day))
    lat, lon, day, kind = lat[seen], lon[seen], day[seen], kind[seen]
    extra = chance.geometric(0.6, len(lat)) - 1
    at = np.repeat(np.arange(len(lat)), extra)
    north, east = chance.normal(0, 0.25 * KM, (2, len(at)))
    return Injected(
        np.concatenate((lat, lat[at] + north)),
        np.concatenate((lon, lon[at] + east / np.cos(np.radians(lat[at])))),
        np.concatenate((day, day[at])),
        np.concatenate((kind, kind[at])),
    )


def _on_land(chance, grid, land, n):
    weight = (land * grid.row_km2()[:, None]).ravel()
    cell = chance.choice(len(weight), n, p=weight / weight.sum())
    row, column = cell // grid.columns, cell % grid.columns
    return (
        grid.south_deg + (row + chance.random(n)) * grid.cell_deg,
        grid.west_deg + (column + chance.random(n)) * grid.cell_deg,
    )


def _lone(chance, grid, land, days):
    lat, lon = _on_land(chance, grid, land, OCCASIONS)
    return lat, lon, chance.choice(days, OCCASIONS)


def _settled(chance, grid, land, days):
    places = settlements()
    picked = places[chance.integers(0, len(places), OCCASIONS)]
    times = chance.integers(1, 4, OCCASIONS)
    return _repeated(chance, picked, times, (3.0, 30), days)


def _front(chance, grid, land, days):
    lat, lon = _on_land(chance, grid, land, 400)
    east = np.flatnonzero(lon > 31)[:4]
    corners = np.column_stack((lat[east], lon[east]))
    corners = corners[np.argsort(corners[:, 0])]
    leg, along = chance.integers(0, 3, OCCASIONS), chance.random((OCCASIONS, 1))
    picked = corners[leg] * (1 - along) + corners[leg + 1] * along
    picked = picked + chance.normal(0, 5 * KM, picked.shape)
    times = chance.integers(2, 9, OCCASIONS)
    return _repeated(chance, picked, times, (1.5, 60), days)


def _repeated(chance, picked, times, reach, days):
    """Occasions at places, cut to the number wanted; reach is km and days."""
    spread_km, within_days = reach
    site = np.repeat(np.arange(len(picked)), times)[:OCCASIONS]
    start = chance.choice(days, len(picked))
    day = start[site] + chance.integers(0, within_days, len(site))
    north, east = chance.normal(0, spread_km * KM, (2, len(site)))
    lat = picked[site, 0] + north
    return lat, picked[site, 1] + east / np.cos(np.radians(lat)), day


def settlements() -> np.ndarray:
    """Latitude and longitude of the gazetteer's places."""
    file = next((DATA / "gazetteer").glob("*.csv"))
    rows = csv.DictReader(io.StringIO(file.read_text()))
    return np.array([(float(r["latitude"]), float(r["longitude"])) for r in rows])


def _clear(year, lat, lon, day):
    """Chance of clear sky per place and day; 1 where no weather is known."""
    files = list((DATA / "firms_history").glob(f"oblast_weather_{year}*"))
    if not files:
        return np.ones(len(lat))
    with gzip.open(files[0], "rt") as file:
        cloud = {
            (r["OBLAST_ID"], r["ACQ_DATE"]): float(r["CLOUD_COVER (%)"] or 50) / 100
            for r in csv.DictReader(file)
        }
    outlines = DATA / "basemap/ukraine_adm1_geoboundaries.geojson"
    names = np.full(len(lat), "", dtype="U8")
    for one in json.loads(outlines.read_text())["features"]:
        inside = shapely.contains_xy(
            shapely.from_geojson(json.dumps(one["geometry"])), lon, lat
        )
        names[inside] = one["properties"]["shapeISO"].replace("-", "")
    dates = day.astype("datetime64[D]").astype(str)
    known = zip(names.tolist(), dates.tolist(), strict=True)
    return 1 - np.array([cloud.get(key, 0.5) for key in known])


def as_fires(one: Injected) -> Fires:
    return Fires(one.lat_deg, one.lon_deg, one.day, np.ones(len(one.day), dtype=int))
