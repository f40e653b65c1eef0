"""trucewatch associate: locate incidents from picks of many acoustic sensors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson

app = typer.Typer(add_completion=False)


@app.command()
def associate(
    sensors: Annotated[
        Path, typer.Option(help="Sensors: sensor_id and lat,lon or x_m,y_m.")
    ],
    picks: Annotated[
        Path, typer.Option(help="Picks: pick_id, sensor_id, time or time_s.")
    ],
    out: Annotated[Path, typer.Option(help="Incidents are written here.")],
    arrivals: Annotated[
        Path | None, typer.Option(help="Which pick belongs to which incident.")
    ] = None,
    met: Annotated[
        Path | None, typer.Option(help="Forecast of temperature and wind.")
    ] = None,
    status: Annotated[
        Path | None, typer.Option(help="Outages of sensors, from heartbeats.")
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(help="Engine settings other than shipped (YAML).")
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="Rows not used: file, line, reason.")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="Geometry and residuals as an SVG picture.")
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Processes; they share out a long line.", min=1, max=61)
    ] = 1,
    json: AsJson = False,
) -> None:
    """Locate impulsive incidents from the picks of many acoustic sensors.

    Writes one row per incident with its 90 % ellipse and the probability that it
    happened, in the frame and the clock of the files given.
    """
    from trucewatch.fuse.acoustic.engine import solve, solve_on
    from trucewatch.watch.acoustic_files import Tables
    from trucewatch.watch.associate import (
        Outputs,
        associate,
        read_settings,
        show_account,
    )
    from trucewatch.watch.processes import processes
    from trucewatch.watch.show import telling

    chosen = read_settings(settings, met)
    tables = Tables(sensors=sensors, picks=picks, met=met, status=status)
    outputs = Outputs(incidents=out, arrivals=arrivals, rejects=rejects, plot=plot)
    with telling() as tell, processes(workers) as executor:
        engine = solve_on(executor) if executor else solve
        done = associate(tables, outputs, chosen, tell, engine)
    show_account(done, out, as_json=json)
