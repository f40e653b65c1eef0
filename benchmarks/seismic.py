"""Events from the picks PyOcto is tested with: ours, and PyOcto's where it is there.

Run: ``TRUCEWATCH_DATA=… python benchmarks/seismic.py [p_mps s_mps]``. PyOcto is no
dependency: it is compared where the interpreter that runs this has it. An event counts
as found if at least half of its picks and half of the picks given to it are the same.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from importlib.util import find_spec

from tests.fuse.seismic.test_associate import lent

from trucewatch.fuse.seismic.associate import associate_phases
from trucewatch.fuse.seismic.phases import SeismicSettings


def scored(name: str, given: list[list[int]], event, seconds: float) -> None:
    """Print what an assignment of picks to events is worth."""
    size = Counter(event[event >= 0].tolist())
    matched, right = set(), 0
    for picks in given:
        true, count = Counter(event[picks].tolist()).most_common(1)[0]
        right += count if true >= 0 else 0
        if true >= 0 and 2 * count >= len(picks) and 2 * count >= size[true]:
            matched.add(true)
    f1 = 2 * len(matched) / (len(given) + len(size))
    used = sum(map(len, given))
    print(
        f"{name}: {len(matched)} of {len(size)} events, {len(given)} given, "
        f"F1 {f1:.3f}; {right} of {used} picks right, of {sum(size.values())}; "
        f"{seconds:.1f} s"
    )


def main() -> None:
    p_mps, s_mps = map(float, sys.argv[1:3] or (7_000, 4_000))
    stations, picks, event = lent()
    settings = SeismicSettings(p_mps=p_mps, s_mps=s_mps)
    begin = time.process_time()
    found = associate_phases(stations, picks, settings)
    scored(
        "trucewatch",
        [list(one.picks) for one in found],
        event,
        time.process_time() - begin,
    )
    if find_spec("pyocto") and find_spec("pandas"):
        begin = time.process_time()
        given = by_pyocto(stations, picks, p_mps, s_mps)
        scored("PyOcto", given, event, time.process_time() - begin)


def by_pyocto(stations, picks, p_mps: float, s_mps: float) -> list[list[int]]:
    """Rows of picks by event, with the settings of PyOcto's own test of these picks."""
    import pandas
    import pyocto

    names = [f"S{n:02d}" for n in range(len(stations.x_m))]
    table = pandas.DataFrame({
        "id": names,
        "x": stations.x_m / 1e3,
        "y": stations.y_m / 1e3,
        "z": -stations.elevation_m / 1e3,
    })
    heard = pandas.DataFrame({
        "station": [names[n] for n in picks.station],
        "phase": ["S" if one else "P" for one in picks.is_s],
        "time": picks.time_s,
    })
    low, high = table[["x", "y"]].min() - 100, table[["x", "y"]].max() + 100
    associator = pyocto.OctoAssociator(
        xlim=(low.x, high.x),
        ylim=(low.y, high.y),
        zlim=(0, 200),
        time_before=300,
        velocity_model=pyocto.VelocityModel0D(
            p_velocity=p_mps / 1e3,
            s_velocity=s_mps / 1e3,
            tolerance=2.0,
            association_cutoff_distance=250,
        ),
        n_picks=10,
        n_p_picks=3,
        n_s_picks=3,
        n_p_and_s_picks=4,
    )
    _, given = associator.associate(heard, table)
    return [list(rows) for rows in given.groupby("event_idx").pick_idx.apply(list)]


if __name__ == "__main__":
    main()
