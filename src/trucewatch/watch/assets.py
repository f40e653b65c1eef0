"""Read the file of who could look: patrols, drones, cameras, satellites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from trucewatch.collect.elements import Elements, sets
from trucewatch.collect.overpass import overpasses
from trucewatch.collect.places import Bounds
from trucewatch.completeness.grid import Grid
from trucewatch.completeness.response import response_of
from trucewatch.errors import MissionError
from trucewatch.period import Period
from trucewatch.review.cue import Asset
from trucewatch.watch.regular import whole
from trucewatch.watch.yamlfile import parsed

_MAX_BYTES = 10_000_000
_MAX_KM = 500.0


class _Asset(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern="^[A-Za-z0-9._-]{1,64}$")
    procedure: str
    hours: float = Field(gt=0, le=240)
    looks: int = Field(default=1, ge=1, le=1_000)
    lat: float | None = Field(default=None, ge=-85, le=85)
    lon: float | None = Field(default=None, ge=-180, le=180)
    reach_km: float = Field(default=0.0, ge=0, le=_MAX_KM)
    sight_km: float = Field(default=0.0, ge=0, le=_MAX_KM)
    elements: str = ""

    @model_validator(mode="after")
    def _can_look(self) -> _Asset:
        if response_of(self.procedure) is None:
            msg = f"no response model is known for procedure {self.procedure!r}"
            raise ValueError(msg)
        stands = self.lat is not None and self.lon is not None and self.sight_km > 0
        if stands == bool(self.elements):
            msg = "an asset has either lat, lon and sight_km, or elements"
            raise ValueError(msg)
        return self


class _Assets(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    assets: tuple[_Asset, ...] = Field(min_length=1)


def read_assets(path: Path, grid: Grid, period: Period) -> tuple[Asset, ...]:
    """Who could look in a period; passes of satellites are reckoned from elements.

    Raises:
        MissionError: if the file cannot be read, is no such file, names two assets
            alike, or a satellite's elements are of no use for the period.
    """
    written = parsed(path, "a file of assets")
    try:
        told = _Assets.model_validate(written.body).assets
    except ValidationError as error:
        raise written.refused(error) from None
    names = [one.name for one in told]
    if len(set(names)) < len(names):
        raise written.wrong(("assets",), "two assets have one name")
    return tuple(_asset(one, path, grid, period) for one in told)


def _asset(one: _Asset, path: Path, grid: Grid, period: Period) -> Asset:
    common = (one.name, one.procedure, one.hours, one.looks)
    if one.elements:
        found = tuple(_passes(path.parent / one.elements, grid, period))
        return Asset(*common, swaths=found)
    ((x_m, y_m),) = grid.plane.project(np.array([(one.lon, one.lat)], np.float64))
    reach_m, sight_m = 1000 * one.reach_km, 1000 * one.sight_km
    return Asset(*common, (float(x_m), float(y_m)), reach_m, sight_m)


def _passes(
    path: Path, grid: Grid, period: Period
) -> Iterator[tuple[str, shapely.Geometry]]:
    """When passes are, and their ground in the grid's plane.

    Raises:
        MissionError: if the elements cannot be used.
    """
    raw = whole(path, _MAX_BYTES)
    corners = grid.corners_deg().reshape(-1, 2)
    (west, south), (east, north) = corners.min(0), corners.max(0)
    box = Bounds(*map(float, (west, south, east, north)))
    usable = [one for one in sets(raw, str(path)) if isinstance(one, Elements)]
    if not usable:
        msg = f"{path} holds no elements of a known satellite"
        raise MissionError(msg)
    for one in usable:
        for found in overpasses(one, box, period):
            if isinstance(found, str):
                raise MissionError(found)
            fine = shapely.segmentize(found.footprint, 0.1)
            drawn = shapely.transform(fine, grid.plane.project)
            yield f"{found.time.begin:%Y-%m-%dT%H:%MZ} {found.satellite}", drawn
