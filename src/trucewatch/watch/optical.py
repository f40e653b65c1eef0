"""Vegetation and burn indices of reflectance, with cloud masked out, lazily.

An index is handed on as the exponent of ten, so that all that is done for radar power
and its decibels is done for it alike: one decibel is a tenth of an index.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trucewatch.errors import SourceError

if TYPE_CHECKING:
    from pystac import Item
    from xarray import DataArray, Dataset

BANDS = ("red", "nir", "swir22", "scl")
# Classes of the scene classification that show ground: dark, vegetation, bare, water,
# unclassified. Burnt ground is often called dark. Source: ESA, Sentinel-2 Level-2A
# algorithm theoretical basis, table 3.
CLEAR = (2, 4, 5, 6, 7)
_COUNTS = 10_000.0
_OFFSET = "offset_counts"
# Counts carry an offset of 1,000 from this processing baseline on, unless whoever
# publishes them took it out. Source: ESA, Sentinel-2 products specification, 04.00.
_BASELINE, _BASELINE_COUNTS = "04.00", 1_000
_ORBIT = re.compile(r"_R(\d{3})_")


def indices(dataset: Dataset, name: str) -> Dataset:
    """``ndvi`` and ``nbr`` of counts of reflectance, NaN under cloud or without data.

    Args:
        dataset: with the variables ``BANDS`` over time, y and x.
        name: of it, for messages.

    Raises:
        SourceError: if a band is missing.
    """
    import xarray

    missing = [one for one in BANDS if one not in dataset.data_vars]
    if missing:
        msg = f"{name} lacks {', '.join(missing)}; reflectance needs {', '.join(BANDS)}"
        raise SourceError(msg)
    clear = dataset["scl"].isin(CLEAR)
    offset = dataset.coords.get(_OFFSET, 0.0)
    red, nir, swir = (
        _reflectance(dataset[one], clear, offset) for one in ("red", "nir", "swir22")
    )
    found = xarray.Dataset(
        {"ndvi": (nir - red) / (nir + red), "nbr": (nir - swir) / (nir + swir)},
    )
    return found.assign_coords(dataset.coords)


def offset_of(item: Item) -> int:
    """Counts to take from an item's values before they are reflectance."""
    baseline = str(item.properties.get("s2:processing_baseline", ""))
    taken = item.properties.get("earthsearch:boa_offset_applied") is True
    return 0 if taken or baseline < _BASELINE else _BASELINE_COUNTS


def orbit_of(item: Item, key: str) -> int:
    """The relative orbit of an item, by its properties or its product's name; else 0.

    Angles of sun and view differ between orbits, so each has its own background.
    """
    told = item.properties.get(key)
    if isinstance(told, int):
        return told
    found = _ORBIT.search(str(item.properties.get("s2:product_uri", item.id)))
    return int(found[1]) if found else 0


def _reflectance(
    counts: DataArray, clear: DataArray, offset: DataArray | float
) -> DataArray:
    nodata = counts.attrs.get("nodata", 0)
    good = clear & (counts != nodata)
    found = (counts.astype("float32") - offset) / _COUNTS
    return found.clip(min=1e-4).where(good).astype("float32")
