"""How long a map of what could have been noticed takes.

    python benchmarks/completeness.py --cells 42000 --nodes 500

A strip of square cells of 1 km, 24 hours; nodes that beat every hour, patrols, passes.
Prints processor time of one thread, best of three.
"""

import argparse
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import process_time

import numpy as np
import shapely

from trucewatch.agreement.geometry import Polygon
from trucewatch.agreement.planar import Plane
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.completeness.contour import smallest_kg
from trucewatch.completeness.grid import grid_of, survey, touched
from trucewatch.completeness.ground import Sector
from trucewatch.period import Period

BEGIN = datetime(2031, 5, 1, tzinfo=UTC)
PLANE = Plane(30.0, 48.0)


def ring(x, y, radius_m, corners=32):
    turn = np.linspace(0, 2 * np.pi, corners + 1)
    points = np.column_stack([x + radius_m * np.cos(turn), y + radius_m * np.sin(turn)])
    points[-1] = points[0]
    return Polygon(tuple(map(tuple, PLANE.unproject(points).tolist())))


def look(who, footprint, begin_h, length_h):
    begin = BEGIN + timedelta(hours=begin_h)
    return Acquisition(
        procedure=who,
        footprint=footprint,
        time=Period(begin, begin + timedelta(hours=length_h)),
        outcome=Outcome.MISS,
        p_clear=0.9,
        independence=who,
        row="line 1",
    )


def hearing(k, disc, hour):
    """An hour of an acoustic node, one of a network whose nodes notice together."""
    one = look(f"acoustic/n{k}", disc, hour, 1.0)
    return replace(one, independence="acoustic:nodes")


def acquisitions(rng, length_m, depth_m, nodes):
    made = []
    for k in range(nodes):
        x, y = rng.uniform(-0.5, 0.5, 2) * (length_m, depth_m)
        disc = ring(x, y, 5_000.0)
        made += [look(f"camera/{k}", disc, hour, 1.0) for hour in range(24)]
        awake = range(int(rng.integers(0, 8)), 24)  # some wake up later than others
        made += [hearing(k, disc, hour) for hour in awake]
    for k in range(40):
        x, y = rng.uniform(-0.5, 0.5, 2) * (length_m, depth_m)
        made.append(look(f"patrol/{k}", ring(x, y, 6_000.0), rng.uniform(0, 15), 8.0))
    whole = ring(0.0, 0.0, 0.8 * length_m)
    made += [look("viirs/n20", whole, 3.0 * k, 0.1) for k in range(8)]
    return made


def best_of(n, work):
    times = []
    for _ in range(n):
        begin = process_time()
        made = work()
        times.append(process_time() - begin)
    return min(times), made


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--cells", type=int, default=42_000)
    arguments.add_argument("--nodes", type=int, default=500)
    given = arguments.parse_args()
    depth_m = 30_000.0
    length_m = given.cells * 1e6 / depth_m
    outline = shapely.box(-length_m / 2, -depth_m / 2, length_m / 2, depth_m / 2)
    grid = grid_of(Sector(PLANE, length_m, outline), 1_000.0)
    rng = np.random.default_rng(1)
    known = acquisitions(rng, length_m, depth_m, given.nodes)
    day = Period(BEGIN, BEGIN + timedelta(days=1))
    whole_s, made = best_of(3, lambda: survey(known, Act.EXPLOSION, grid, day))
    lost = [one for one in known if one.procedure.endswith(("/7", "/n7"))]
    gone = [one for one in known if not one.procedure.endswith(("/7", "/n7"))]

    def update():
        cells = touched(lost, grid)
        return cells.size, survey(gone, Act.EXPLOSION, grid, day, cells)

    update_s, (cells, _) = best_of(3, update)
    print(f"{grid.x_m.size} cells, 24 h, {len(known)} looks, mean {made.mean():.3f}")
    sizes_s, _ = best_of(1, lambda: smallest_kg(known, Act.EXPLOSION, grid, day))
    print(f"smallest charge of nine, per cell: {sizes_s:.1f} s")
    print(f"whole map {whole_s:.2f} s; one node lost ({cells} cells) {update_s:.3f} s")


if __name__ == "__main__":
    main()
