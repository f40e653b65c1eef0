"""Pictures of a STAC catalogue, as a lazy stack: nothing is read until asked for.

Items come from a search of an API, or from a saved collection of items. They are
loaded by odc-stac onto one grid; the relative orbit of each comes from the SAT
extension (``sat:relative_orbit``), for optical pictures also from the product's name,
its time from ``datetime``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trucewatch.errors import SourceError
from trucewatch.watch.optical import indices, offset_of, orbit_of
from trucewatch.watch.pictures import ArrayStack, of_dataset

if TYPE_CHECKING:
    from pystac import Item
    from xarray import Dataset

ORBIT = "sat:relative_orbit"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to load.

    Attributes:
        collection: of the catalogue; empty for a saved collection of items.
        between: interval of RFC 3339, such as ``2031-01-01/2031-06-01``.
        bounds_deg: west, south, east, north.
        assets: their names, such as polarisations.
        crs: of the stack; empty for that of the items.
        pixel_m: side of a pixel in metres of that system.
    """

    collection: str
    between: str
    bounds_deg: tuple[float, float, float, float]
    assets: tuple[str, ...] = ("vv", "vh")
    crs: str = ""
    pixel_m: float = 10.0


def searched(address: str, wanted: Wanted) -> list[Item]:
    """Items of an API that meet a wish, in order of time and id.

    Raises:
        SourceError: if the API cannot be asked or finds nothing.
    """
    from pystac_client import Client
    from pystac_client.exceptions import APIError

    try:
        found = list(
            Client
            .open(address)
            .search(
                collections=[wanted.collection] if wanted.collection else None,
                bbox=wanted.bounds_deg,
                datetime=wanted.between or None,
            )
            .items()
        )
    except (APIError, OSError, ValueError, KeyError) as error:
        msg = f"{address} cannot be searched: {str(error)[:300]}"
        raise SourceError(msg) from error
    return _in_order(found, address)


def saved(path: Path) -> list[Item]:
    """Items of a saved collection (GeoJSON of STAC items), in order of time and id.

    Raises:
        SourceError: if it is none, or is empty.
    """
    from pystac import ItemCollection
    from pystac.errors import STACError

    try:
        body = json.loads(path.read_text("utf-8"))
        found = list(ItemCollection.from_dict(body).items)
    except (STACError, OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path} is no collection of STAC items: {str(error)[:300]}"
        raise SourceError(msg) from error
    return _in_order(found, str(path))


def stack_of(items: list[Item], wanted: Wanted, scale: str) -> ArrayStack:
    """The items as one lazy stack; orbits share the grid, not their statistics.

    Raises:
        SourceError: if an item names no orbit, or the items cannot be loaded.
    """
    import xarray

    optical = scale == "reflectance"
    by_orbit: dict[int, list[Item]] = {}
    for item in items:
        orbit = item.properties.get(ORBIT)
        if optical:
            orbit = orbit_of(item, ORBIT)
        if not isinstance(orbit, int):
            msg = f"item {item.id} does not say its relative orbit ({ORBIT})"
            raise SourceError(msg)
        by_orbit.setdefault(orbit, []).append(item)
    parts = []
    for orbit, some in sorted(by_orbit.items()):
        along = {"orbit": ("time", [orbit] * len(some))}
        if optical:
            along["offset_counts"] = ("time", [offset_of(one) for one in some])
        parts.append(_loaded(some, wanted).assign_coords(along))
    whole = (
        xarray.concat(parts, dim="time", join="exact") if len(parts) > 1 else parts[0]
    )
    if optical:
        return of_dataset(indices(whole, "what was found"), "index", "what was found")
    return of_dataset(whole, scale, "what was found")


def _loaded(items: list[Item], wanted: Wanted) -> Dataset:
    """Items of one orbit, each a picture of its own.

    Raises:
        SourceError: if they cannot be loaded.
    """
    from odc.stac import load

    place = {"crs": wanted.crs} if wanted.crs else {}
    try:
        return load(
            items,
            bands=list(wanted.assets),
            bbox=wanted.bounds_deg,
            resolution=wanted.pixel_m,
            chunks={"x": 512, "y": 512},
            groupby="id",
            **place,  # type: ignore[arg-type]
        )
    except (ValueError, KeyError, OSError, TypeError) as error:
        msg = f"the items cannot be loaded: {str(error)[:300]}"
        raise SourceError(msg) from error


def _in_order(found: list[Item], name: str) -> list[Item]:
    if not found:
        msg = f"{name} has no picture of this place and time"
        raise SourceError(msg)
    undated = [one.id for one in found if one.datetime is None]
    if undated:
        msg = f"item {undated[0]} has no datetime"
        raise SourceError(msg)
    return sorted(found, key=lambda one: (str(one.datetime), one.id))
