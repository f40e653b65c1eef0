"""Simulated sets as files of the command line.

Run: ``python benchmarks/acoustic/sets.py SET OUT`` writes sensors.csv, picks.csv,
met.csv and status.csv as ``trucewatch associate`` reads them.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from trucewatch.watch.acoustic_files import Tables

RENAMED = {
    "sensors": {"x": "x_m", "y": "y_m"},
    "picks": {"time": "time_s"},
    "met": {"time": "time_s", "wind_u": "wind_u_mps", "wind_v": "wind_v_mps"},
    "status": {"t_down": "down_s", "t_up": "up_s"},
}


def written(folder: Path, out: Path) -> Tables:
    """The set's input in the columns of the command line; where it now stands."""
    out.mkdir(parents=True, exist_ok=True)
    for name, columns in RENAMED.items():
        with (folder / f"{name}.csv").open(newline="") as file:
            rows = list(csv.reader(file))
        header = [columns.get(one, one) for one in rows[0]]
        lines = [",".join(row) for row in [header, *rows[1:]]]
        (out / f"{name}.csv").write_text("\n".join(lines) + "\n")
    return Tables(
        sensors=out / "sensors.csv",
        picks=out / "picks.csv",
        met=out / "met.csv",
        status=out / "status.csv",
    )


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit("usage: sets.py SET OUT")
    written(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
