"""Optical pictures with known truth: fields, seasons, cloud, and some that burnt.

Counts of reflectance as Sentinel-2 has them, on a grid of 20 m, with a scene
classification. Burnt ground loses near infrared and gains short-wave infrared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from scipy.ndimage import gaussian_filter

SINCE = datetime(2031, 5, 1, tzinfo=UTC)
SIDE = 8  # pixels of a field


@dataclass(frozen=True, slots=True)
class World:
    """A district and what happened in it.

    Attributes:
        burnt_ratio: of fields, at a date after ``SINCE`` and before the next picture.
        effect: fall of both indices; ``effect_sd`` between fields.
        harvest_ratio: of fields mown or ploughed at a random day of the 60 around.
        cloud_ratio: of each picture, seen by the classification but for ``missed``.
    """

    fields: int = 20
    before: int = 20
    after: int = 6
    every_days: int = 5
    burnt_ratio: float = 0.1
    effect: float = 0.3
    effect_sd: float = 0.1
    harvest_ratio: float = 0.0
    season: float = 0.1
    cloud_ratio: float = 0.4
    missed: float = 0.05
    seed: int = 1

    @property
    def shape(self):
        return (self.fields * SIDE, self.fields * SIDE)

    def labels(self):
        """Number of the field at each pixel."""
        row = np.arange(self.shape[0]) // SIDE
        return (row[:, None] * self.fields + row[None] + 1).astype(np.int32)

    def burnt(self):
        """Which fields burnt, by number from 1; shape (n_fields,)."""
        rng = np.random.default_rng(self.seed + 2000)
        return rng.random(self.fields**2) < self.burnt_ratio


def pictures(world):
    """Yield (orbit, time, bands) of every picture; bands by name, counts."""
    rng = np.random.default_rng(world.seed)
    count, labels = world.fields**2, world.labels() - 1
    base = rng.uniform(0.25, 0.8, count)
    phase, height = rng.uniform(0, 2 * np.pi, count), rng.normal(0, world.season, count)
    mown = np.where(
        rng.random(count) < world.harvest_ratio, rng.uniform(-30, 30, count), 999
    )
    effect = np.clip(rng.normal(world.effect, world.effect_sd, count), 0.05, None)
    effect = np.where(world.burnt(), effect, 0.0)
    texture = rng.normal(0, 0.03, world.shape)
    for k in range(-world.before, world.after):
        days = k * world.every_days + 2.5
        at = SINCE + timedelta(days=days)
        season = height * np.sin(2 * np.pi * days / 365 + phase)
        ndvi = base + season + rng.normal(0, 0.02, count) - 0.35 * (days > mown)
        nbr = 0.8 * ndvi + rng.normal(0, 0.02, count)
        if k >= 0:
            ndvi, nbr = ndvi - effect, nbr - effect
        haze = rng.normal(0, 0.02)
        indices = [
            np.clip(
                one[labels] + texture + haze + rng.normal(0, 0.02, world.shape),
                -0.9,
                0.9,
            )
            for one in (ndvi, nbr)
        ]
        yield (94 if k % 2 else 51), at, seen(world, rng, *indices)


def seen(world, rng, ndvi, nbr):
    """Counts of the bands, with cloud."""
    nir = 0.3 * (1 + 0.1 * rng.standard_normal(world.shape))
    red, swir = nir * (1 - ndvi) / (1 + ndvi), nir * (1 - nbr) / (1 + nbr)
    depth = gaussian_filter(rng.standard_normal(world.shape), 12)
    covered = np.clip(world.cloud_ratio * rng.uniform(0, 2), 0, 0.98)
    cloud = depth > np.quantile(depth, 1 - covered)
    thick = np.where(cloud, 0.5, 0.0)
    flagged = cloud & (rng.random(world.shape) >= world.missed)
    bands = {
        name: np.clip((one + thick) * 10_000, 1, 20_000).astype(np.uint16)
        for name, one in (("red", red), ("nir", nir), ("swir22", swir))
    }
    return {**bands, "scl": np.where(flagged, 9, 4).astype(np.uint8)}


def dataset(world):
    """The pictures as an xarray dataset, as a Zarr store or a STAC search gives it."""
    import odc.geo.xr  # noqa: F401
    import xarray

    found = list(pictures(world))
    parts = {
        name: (("time", "y", "x"), np.stack([bands[name] for _, _, bands in found]))
        for name in ("red", "nir", "swir22", "scl")
    }
    rows, columns = world.shape
    made = xarray.Dataset(
        parts,
        coords={
            "time": [
                np.datetime64(at.replace(tzinfo=None), "ns") for _, at, _ in found
            ],
            "orbit": ("time", [orbit for orbit, _, _ in found]),
            "y": 5_500_000 - 20 * (np.arange(rows) + 0.5),
            "x": 400_000 + 20 * (np.arange(columns) + 0.5),
        },
    )
    return made.odc.assign_crs("EPSG:32637")
