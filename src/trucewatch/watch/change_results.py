"""What the change command writes: a map of evidence, and places for a mission."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from trucewatch.period import iso
from trucewatch.watch.change import Changed
from trucewatch.watch.pictures import Grid, Pixels, Window

_BANDS = ("signed score", "log10 likelihood ratio")
_DECIMALS = 6  # of a degree: 0.1 m

Feature = dict[str, object]


def write_map(path: Path, grid: Grid, tiles: Iterable[tuple[Window, Pixels]]) -> None:
    """Write a tiled GeoTIFF: signed score, and log10 of the likelihood ratio."""
    import rasterio
    from rasterio.transform import Affine
    from rasterio.windows import Window as Cut

    profile = {
        "driver": "GTiff",
        "dtype": "float32",
        "count": 2,
        "height": grid.rows,
        "width": grid.columns,
        "crs": grid.crs,
        "transform": Affine(*grid.affine),
        "nodata": float("nan"),
        "tiled": True,
        "blockxsize": 256,
        "blockysize": 256,
        "compress": "deflate",
        "bigtiff": "if_safer",
    }
    with rasterio.open(path, "w", **profile) as target:
        for number, name in enumerate(_BANDS, start=1):
            target.set_band_description(number, name)
        for window, values in tiles:
            cut = Cut(window.column, window.row, window.columns, window.rows)
            target.write(values, window=cut)


def collection(found: Changed) -> dict[str, object]:
    """The look and every place with evidence enough, as a GeoJSON collection."""
    settings, assessed = found.wish.settings, found.places
    return {
        "type": "FeatureCollection",
        "about": {
            "since": iso(found.wish.since),
            "pictures": len(found.names),
            "bands": [
                {
                    "name": one.name,
                    "before": int((~one.after(found.wish.since)).sum()),
                    "since": int(one.after(found.wish.since).sum()),
                }
                for one in assessed.bands
            ],
            "placebo_dates": assessed.placebos,
            "placebo_scores": len(assessed.background.quiet),
            "fdr_ratio": settings.fdr_ratio,
            "places": found.wish.places.count,
            "places_seen": int(np.isfinite(assessed.score).sum()),
            "places_called": len(called(found)),
        },
        "features": [_look(found), *_changes(found)],
    }


def called(found: Changed) -> list[int]:
    """Numbers of the places below the false discovery rate asked for."""
    q = found.places.q
    return (np.flatnonzero(q <= found.wish.settings.fdr_ratio) + 1).tolist()


def write_collection(path: Path, body: dict[str, object]) -> None:
    """Write a collection with one feature a line."""
    features = body["features"]
    assert isinstance(features, list)
    head = {key: value for key, value in body.items() if key != "features"}
    text = json.dumps(head)[:-1] + ', "features": [\n'
    text += ",\n".join(json.dumps(one) for one in features)
    path.write_text(text + "\n]}\n", "utf-8")


def _look(found: Changed) -> Feature:
    """Where the pictures looked: between the last before and the first since."""
    times = sorted({t for one in found.places.bands for t in one.times})
    since = found.wish.since
    grid = found.wish.stack.grid
    whole = Window(0, 0, grid.rows, grid.columns)
    outline = found.wish.places.window_deg(whole)
    seen = float(np.isfinite(found.places.score).mean())
    return _feature(
        outline,
        {
            "record": "look",
            "begin": iso(max(t for t in times if t < since)),
            "end": iso(min(t for t in times if t >= since)),
            "clear_ratio": round(seen, 6),
        },
    )


def _changes(found: Changed) -> Iterator[Feature]:
    assessed, places = found.places, found.wish.places
    ratios = np.nan_to_num(assessed.log10_ratios, nan=-np.inf)
    for at in np.flatnonzero(ratios >= found.wish.settings.log10_least).tolist():
        time = assessed.within(at)
        yield _feature(
            places.outline_deg(at + 1),
            {
                "record": "change",
                "id": places.ids[at] if places.ids else str(at + 1),
                "begin": iso(time.begin),
                "end": iso(time.end),
                "score": round(float(assessed.score[at]), 3),
                "step_db": round(float(assessed.step_db[at]), 2),
                "log10_likelihood_ratio": round(float(ratios[at]), 3),
                "p": float(f"{assessed.p[at]:.3g}"),
                "q": float(f"{assessed.q[at]:.3g}"),
            },
        )


def _feature(shape: BaseGeometry, properties: Feature) -> Feature:
    rounded = shapely.set_precision(shape, 10.0**-_DECIMALS)
    kept = shape if rounded.is_empty else rounded
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": json.loads(shapely.to_geojson(kept)),
    }
