"""What terrain is worth to a drone's frames: `python -m benchmarks.frames`.

Random cameras over made hills, pixels of 30 m: how far frames drawn on level ground (at
the height below the drone) lie from those on the terrain, by relief and by the angle
the camera looks down. Time is CPU time per frame.
"""

from __future__ import annotations

import time
from functools import partial

import numpy as np
import shapely
from tests.collect import relief

from trucewatch.collect.frames import Camera, footprint, turn
from trucewatch.collect.shapes import WGS84
from trucewatch.collect.terrain import terrain

FRAMES = 60


def shape(polygon: object) -> shapely.Polygon:
    ring = np.array(polygon.outer)  # type: ignore[attr-defined]
    x = (ring[:, 0] - 30.92) * 111_195 * np.cos(np.radians(46.22))
    return shapely.make_valid(
        shapely.Polygon(np.column_stack((x, (ring[:, 1] - 46.22) * 111_195)))
    )


def frame(rng: np.random.Generator, pitch: float, hills: partial) -> Camera:
    """A camera 500 m over the ground beneath it."""
    lat, lon = 46.2 + rng.random() * 0.05, 30.9 + rng.random() * 0.05
    below = float(hills(np.array(lon), np.array(lat)))
    turned = turn(rng.uniform(0, 360), pitch, 0)
    return Camera(lat, lon, below + 500, below, turned, 30.0, 20.0)


def compared(relief_m: float, pitch: float) -> str:
    hills = partial(relief.hills, relief_m=relief_m)
    ground = terrain(relief.geotiff(hills), 0.0)
    rng = np.random.default_rng(int(relief_m - pitch))
    shared, off, spent = [], [], [0.0, 0.0]
    for _ in range(FRAMES):
        camera = frame(rng, pitch, hills)
        made = []
        for kind, given in enumerate((None, ground)):
            began = time.process_time()
            made.append(footprint(camera, 8_000, given))
            spent[kind] += time.process_time() - began
        level, true = (shape(one) for one in made)
        shared.append(level.intersection(true).area / level.union(true).area)
        corners = [
            min(WGS84.inv(*corner, *point)[2] for point in made[1].outer)
            for corner in made[0].outer
        ]
        off.append(max(corners))
    ms = [1000 * one / FRAMES for one in spent]
    return (
        f"{np.median(shared):.2f} (worst {min(shared):.2f}) | {np.median(off):.0f} m "
        f"(worst {max(off):.0f}) | {ms[0]:.1f}, {ms[1]:.0f}"
    )


def main() -> None:
    print("relief | pitch | shared area | farthest corner off | ms level, terrain")
    for relief_m in (10.0, 30.0, 100.0):
        for pitch in (-90.0, -60.0, -40.0):
            print(f"{relief_m:.0f} m | {pitch:.0f} | {compared(relief_m, pitch)}")


if __name__ == "__main__":
    main()
