"""Ground that is not level, as a GeoTIFF, and recordings packed beside it."""

import io
import zipfile

import numpy as np

SOUTH, WEST, STEP_DEG = 46.1, 30.8, 1 / 3600  # pixels of about 30 m


def geotiff(height, shape=(900, 900), south=SOUTH, west=WEST, step_deg=STEP_DEG):
    """A GeoTIFF of ``height(lon, lat)`` at the middles of pixels."""
    import rasterio
    from rasterio.transform import from_origin

    rows, columns = shape
    north = south + rows * step_deg
    lon = west + (np.arange(columns) + 0.5) * step_deg
    lat = north - (np.arange(rows) + 0.5) * step_deg
    values = height(*np.meshgrid(lon, lat)).astype(np.float32)
    profile = {"driver": "GTiff", "dtype": "float32", "count": 1, "crs": "EPSG:4326"}
    with rasterio.MemoryFile() as file:
        with file.open(
            width=columns,
            height=rows,
            transform=from_origin(west, north, step_deg, step_deg),
            **profile,
        ) as target:
            target.write(values, 1)
        return file.read()


def packed(**files):
    """A ZIP archive of some files; ``__`` in a name stands for its point."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def hills(lon, lat, relief_m=60.0):
    """Smooth hills some 2 km apart."""
    return 100 + relief_m * np.sin((lon - WEST) * 240) * np.cos((lat - SOUTH) * 350)
