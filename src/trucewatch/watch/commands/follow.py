"""trucewatch follow: locate incidents from picks as they come."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def follow(
    sensors: Annotated[
        Path, typer.Option(help="Sensors: sensor_id and lat,lon or x_m,y_m.")
    ],
    picks: Annotated[
        Path, typer.Option(help="Picks, a growing file; - for standard input.")
    ],
    met: Annotated[
        Path | None, typer.Option(help="Forecast of temperature and wind.")
    ] = None,
    status: Annotated[
        Path | None, typer.Option(help="Outages of sensors, from heartbeats.")
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(help="Engine settings other than shipped (YAML).")
    ] = None,
    state: Annotated[
        Path | None, typer.Option(help="Kept here; a later call goes on from it.")
    ] = None,
    lateness_s: Annotated[
        float, typer.Option(help="How late a pick may come.", min=0.0, max=86_400.0)
    ] = 30.0,
    idle_s: Annotated[
        float | None,
        typer.Option(help="Close all and stop when nothing came for so long.", min=0.0),
    ] = None,
) -> None:
    """Locate impulsive incidents while their picks still come.

    Prints a line of JSON per version of an incident: provisional soon after the fifth
    pick, final when its epoch is closed. Final ones are those of
    `trucewatch associate`.
    """
    from trucewatch.watch.acoustic_files import Tables
    from trucewatch.watch.associate import read_settings
    from trucewatch.watch.follow import Following
    from trucewatch.watch.follow import follow as run

    chosen = read_settings(settings, met)
    tables = Tables(sensors=sensors, picks=picks, met=met, status=status)
    run(tables, chosen, Following(lateness_s=lateness_s, idle_s=idle_s, state=state))
