"""trucewatch completeness MISSION --day D: what could have been noticed, and where."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trucewatch.watch.parameters import AsJson, Kept
from trucewatch.watch.terminal import visible

if TYPE_CHECKING:
    from trucewatch.completeness.lost import Lost
    from trucewatch.watch.completeness import Drawn

app = typer.Typer(add_completion=False)


@app.command()
def completeness(
    mission: Kept,
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The local day.")],
    out: Annotated[Path | None, typer.Option(help="Write a GeoJSON map here.")] = None,
    act: Annotated[str, typer.Option(help="What would be noticed.")] = "",
    zone: Annotated[str, typer.Option(help="A zone of the agreement.")] = "",
    cell_m: Annotated[float, typer.Option(help="Width of a cell.")] = 2000.0,
    charge_kg: Annotated[
        float | None, typer.Option(min=0.001, help="Of TNT, not the act's usual one.")
    ] = None,
    contours: Annotated[
        Path | None,
        typer.Option(help="Write the smallest charge noticed with 90 % here, GeoJSON."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say what could have been noticed on a day, cell by cell and hour by hour."""
    from trucewatch.watch.completeness import (
        Wanted,
        draw_map,
        write_contours,
        write_map,
    )

    sizes = contours is not None
    wanted = Wanted(day.date(), act, zone, cell_m, charge_kg, sizes)
    drawn = draw_map(mission, wanted)
    if out is not None:
        write_map(drawn, out)
    if contours is not None:
        write_contours(drawn, contours)
    if json:
        typer.echo(_as_json(drawn, cell_m))
        return
    _print(drawn, day, cell_m)
    for name, file in (("map", out), ("contours", contours)):
        if file is not None:
            typer.echo(f"{name:<9} {file}")


def _as_json(drawn: Drawn, cell_m: float) -> str:
    from dataclasses import asdict
    from json import dumps

    from trucewatch.watch.completeness import rows, sizes

    cells, hours = drawn.p["all"].shape
    body: dict[str, object] = {"act": drawn.act, "cells": cells, "hours": hours}
    body |= {"cell_m": cell_m, "families": [asdict(one) for one in rows(drawn)]}
    if drawn.smallest_kg.size:
        body["noticed_90_ratio"] = {f"{kg:g} kg": share for kg, share in sizes(drawn)}
    return dumps(body | {"lost": [asdict(one) for one in drawn.lost]})


def _print(drawn: Drawn, day: datetime, cell_m: float) -> None:
    from trucewatch.watch.completeness import rows, sizes

    cells, hours = drawn.p["all"].shape
    what = drawn.act.replace("_", " ")
    typer.echo(f"{what} on {day:%Y-%m-%d}: {cells:,} cells of {cell_m:g} m, {hours} h")
    typer.echo(f"{'procedure':<16}{'mean':>8}{'watched':>9}{'≥ 50 %':>8}{'≥ 90 %':>8}")
    for one in rows(drawn):
        shares = (one.p_mean, one.watched_ratio, one.half_ratio, one.most_ratio)
        mean, watched, half, most = (f"{100 * share:.1f} %" for share in shares)
        typer.echo(f"{one.family:<16}{mean:>8}{watched:>9}{half:>8}{most:>8}")
    if drawn.lost:
        head = f"{'lost to':<16}{'procedure':<12}{'ground of':<12}"
        typer.echo(f"{head}{'times':>7}{'hours':>8}{'zone-h':>8}{'chance':>9}")
    for row in drawn.lost:
        typer.echo(
            f"{row.cause:<16}{row.family:<12}{_holder(row):<12}{row.occasions:>7}"
            f"{row.failed_h:>8.1f}{row.zone_h:>8.2f}{-100 * row.p_lost:>7.1f} %"
        )
    for doubt in sorted({_DOUBTS[row.doubt] for row in drawn.lost if row.doubt}):
        typer.echo(doubt)
    if drawn.smallest_kg.size:
        typer.echo("ground on which 90 % of such a charge (kg of TNT) are noticed")
        for charge_kg, share in sizes(drawn):
            typer.echo(f"{charge_kg:>9g} kg{100 * share:>10.1f} %")


_DOUBTS = {
    "nobody": "?  nobody says who held the ground",
    "no_party": "*  as delivered; the terms know no such party",
    "other_side": "**  as delivered; the terms give that ground to the other side",
}


def _holder(row: Lost) -> str:
    """Who held the ground, marked where the terms do not bear it out."""
    marks = {"no_party": "*", "other_side": "**"}
    return visible(row.held_by or "?") + marks.get(row.doubt, "")
