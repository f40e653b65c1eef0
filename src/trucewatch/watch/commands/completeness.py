"""trucewatch completeness MISSION --day D: what could have been noticed, and where."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def completeness(
    mission: Annotated[Path, typer.Argument(help="A mission file or a ledger.")],
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The local day.")],
    out: Annotated[Path | None, typer.Option(help="Write a GeoJSON map here.")] = None,
    act: Annotated[str, typer.Option(help="What would be noticed.")] = "",
    zone: Annotated[str, typer.Option(help="A zone of the agreement.")] = "",
    cell_m: Annotated[float, typer.Option(help="Width of a cell.")] = 2000.0,
    json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON.")
    ] = False,
) -> None:
    """Say what could have been noticed on a day, cell by cell and hour by hour."""
    from dataclasses import asdict

    from trucewatch.watch.completeness import Wanted, draw_map, rows, write_map

    drawn = draw_map(mission, Wanted(day.date(), act, zone, cell_m))
    if out is not None:
        write_map(drawn, out)
    cells, hours = drawn.p["all"].shape
    if json:
        from json import dumps

        body = {"act": drawn.act, "cells": cells, "hours": hours, "cell_m": cell_m}
        families = [asdict(one) for one in rows(drawn)]
        typer.echo(dumps({**body, "families": families, "lost_h": drawn.lost_h}))
        return
    what = drawn.act.replace("_", " ")
    typer.echo(f"{what} on {day:%Y-%m-%d}: {cells:,} cells of {cell_m:g} m, {hours} h")
    typer.echo(f"{'procedure':<16}{'mean':>8}{'watched':>9}{'≥ 50 %':>8}{'≥ 90 %':>8}")
    for one in rows(drawn):
        shares = (one.p_mean, one.watched_ratio, one.half_ratio, one.most_ratio)
        mean, watched, half, most = (f"{100 * share:.1f} %" for share in shares)
        typer.echo(f"{one.family:<16}{mean:>8}{watched:>9}{half:>8}{most:>8}")
    for procedure, lost_h in drawn.lost_h.items():
        typer.echo(f"lost to failure: {procedure} {lost_h:g} h")
    if out is not None:
        typer.echo(f"map  {out}")
