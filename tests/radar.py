"""Radar pictures with known truth: speckle, weather, houses, and some that fell.

Power is in linear units on a grid of 10 m. Speckle is that of complex noise with the
resolution of Sentinel-1 (20 m), four looks, so that neighbouring pixels err together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from scipy.ndimage import gaussian_filter

SINCE = datetime(2031, 5, 1, tzinfo=UTC)
LOOKS = 4
BLUR = 0.8  # pixels, of the complex picture
REPEAT = timedelta(days=12)


@dataclass(frozen=True, slots=True)
class World:
    """A district and what happened in it."""

    size: int = 200
    orbits: tuple[int, ...] = (14, 87)
    polarisations: tuple[str, ...] = ("vv", "vh")
    before: int = 12
    after: int = 4
    damaged_ratio: float = 0.3
    effect_db: float = 3.0
    effect_sd_db: float = 1.0
    band_sd_db: float = 1.0
    weather_db: float = 1.0  # of a whole picture
    patches_db: float = 0.5  # moisture, over some 300 m, all polarisations alike
    restless_db: float = 0.3  # of one house from picture to picture
    seed: int = 1
    labels: np.ndarray | None = field(default=None)

    def houses(self):
        """Number of the house at each pixel, 0 for none."""
        if self.labels is not None:
            return self.labels
        rng = np.random.default_rng(self.seed + 1000)
        found = np.zeros((self.size, self.size), np.int32)
        number = 0
        for row in range(4, self.size - 6, 8):
            for column in range(4, self.size - 6, 8):
                high, wide = rng.integers(1, 5, 2)
                number += 1
                found[row : row + high, column : column + wide] = number
        return found


TOWN = World(size=96, before=8, after=3)


def times(world, orbit_index):
    """When an orbit's pictures were taken: every 12 days, orbits a few days apart."""
    first = SINCE - REPEAT * world.before + timedelta(days=1 + 3 * orbit_index)
    return [first + REPEAT * k for k in range(world.before + world.after)]


def speckle(rng, shape):
    """Multiplicative noise of mean 1."""
    total = np.zeros(shape, np.float32)
    for _ in range(2 * LOOKS):
        total += (
            gaussian_filter(rng.standard_normal(shape, np.float32), BLUR, mode="wrap")
            ** 2
        )
    return total / total.mean()


def pictures(world):
    """Yield (orbit, polarisation, time, power) of every picture, in order of time.

    The truth is that of ``damaged``.
    """
    rng = np.random.default_rng(world.seed)
    labels = world.houses()
    count = int(labels.max())
    fallen, effect = _fate(world, count)
    shape = labels.shape
    base = {}
    for orbit in world.orbits:
        for pol in world.polarisations:
            ground = -12 + 2 * gaussian_filter(rng.standard_normal(shape), 3) * 6
            house = rng.normal(-5, 2.5, count + 1)
            base[orbit, pol] = np.where(labels > 0, house[labels], ground)
    order = sorted(
        (at, orbit, k)
        for index, orbit in enumerate(world.orbits)
        for k, at in enumerate(times(world, index))
    )
    for at, orbit, _ in order:
        patch = gaussian_filter(rng.standard_normal(shape), 15)
        patch *= world.patches_db / max(patch.std(), 1e-9)
        wet = rng.normal(0, world.weather_db)
        for number, pol in enumerate(world.polarisations):
            own = rng.normal(0, world.restless_db, count + 1)
            db = base[orbit, pol] + wet + patch + own[labels]
            if at >= SINCE:
                band = world.orbits.index(orbit) * len(world.polarisations) + number
                db = db + (effect[band] * fallen)[labels]
            power = 10 ** (db / 10) * speckle(rng, shape)
            yield orbit, pol, at, power.astype(np.float32)


def damaged(world):
    """Which houses fell, by number from 1; shape (n_houses,)."""
    return _fate(world, int(world.houses().max()))[0][1:] > 0


def _fate(world, count):
    rng = np.random.default_rng(world.seed + 2000)
    fallen = rng.random(count + 1) < world.damaged_ratio
    fallen[0] = False
    bands = len(world.orbits) * len(world.polarisations)
    sign = np.where(rng.random(count + 1) < 0.5, -1.0, 1.0)
    size = sign * rng.normal(world.effect_db, world.effect_sd_db, count + 1)
    effect = size + rng.normal(0, world.band_sd_db, (bands, count + 1))
    return fallen.astype(np.float64), effect


def geotiffs(world, folder, pictures_of=None):
    """Write pictures and their table ``scenes.csv``; path of the table."""
    import rasterio
    from rasterio.transform import from_origin

    rows = ["file,time,orbit,polarisation"]
    for orbit, pol, at, power in pictures_of or pictures(world):
        name = f"{orbit}-{pol}-{at:%Y%m%d}.tif"
        rows.append(f"{name},{at:%Y-%m-%dT%H:%M:%SZ},{orbit},{pol}")
        with rasterio.open(
            folder / name,
            "w",
            driver="GTiff",
            dtype="float32",
            count=1,
            height=power.shape[0],
            width=power.shape[1],
            crs="EPSG:32637",
            transform=from_origin(400_000, 5_500_000, 10, 10),
        ) as target:
            target.write(power, 1)
    table = folder / "scenes.csv"
    table.write_text("\n".join(rows) + "\n")
    return table


def footprints(world):
    """The houses of a world as GeoJSON in the pictures' reference system."""
    features = []
    labels = world.houses()
    for number in range(1, int(labels.max()) + 1):
        rows, columns = np.nonzero(labels == number)
        west, east = 400_000 + 10 * columns.min(), 400_000 + 10 * (columns.max() + 1)
        north, south = 5_500_000 - 10 * rows.min(), 5_500_000 - 10 * (rows.max() + 1)
        # A little within its pixels, or the rim would touch the neighbours'.
        ring = [
            (west + 1, south + 1),
            (east - 1, south + 1),
            (east - 1, north - 1),
            (west + 1, north - 1),
            (west + 1, south + 1),
        ]
        features.append({
            "type": "Feature",
            "properties": {"id": f"house-{number}"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[float(x), float(y)] for x, y in ring]],
            },
        })
    return {
        "type": "FeatureCollection",
        "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::32637"}},
        "features": features,
    }
