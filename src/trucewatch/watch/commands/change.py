"""trucewatch change STACK: weigh what pictures show before and after a date."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson

app = typer.Typer(add_completion=False)


@app.command()
def change(
    stack: Annotated[
        str,
        typer.Argument(
            help="Table of scenes (.csv), Zarr store (.zarr), saved STAC items (.json) "
            "or address of a STAC API."
        ),
    ],
    since: Annotated[
        datetime,
        typer.Option(
            help="Pictures from then on (UTC) are set against the earlier ones.",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for map and places.")],
    footprints: Annotated[
        Path | None,
        typer.Option(help="Buildings: GeoJSON, GeoPackage or zipped shapefile."),
    ] = None,
    square: Annotated[
        int, typer.Option(help="Side of the squares asked about else, in pixels.")
    ] = 5,
    state: Annotated[
        Path | None,
        typer.Option(
            help="Folder kept between runs, so that no picture is read twice."
        ),
    ] = None,
    scale: Annotated[
        str,
        typer.Option(
            help="What pixels hold: power, amplitude or db; index or reflectance."
        ),
    ] = "power",
    looks: Annotated[
        float, typer.Option(help="Equivalent number of looks of a pixel.")
    ] = 4.4,
    fdr: Annotated[
        float, typer.Option(help="Share of false ones among places called changed.")
    ] = 0.1,
    workers: Annotated[int, typer.Option(help="Processes that share the tiles.")] = 1,
    collection: Annotated[str, typer.Option(help="STAC: collection.")] = "",
    between: Annotated[str, typer.Option(help="STAC: interval, BEGIN/END.")] = "",
    bounds: Annotated[
        str, typer.Option(help="STAC: west,south,east,north in degrees.")
    ] = "",
    crs: Annotated[
        str, typer.Option(help="STAC: reference system of the stack; the items' own.")
    ] = "",
    json: AsJson = False,
) -> None:
    """Weigh change between satellite pictures: likelihood ratios, never findings."""
    from trucewatch.detect.change.settings import ChangeSettings
    from trucewatch.watch.change_run import Asked, run

    told = run(
        Asked(
            stack=stack,
            since=since.replace(tzinfo=UTC),
            out=out,
            footprints=footprints,
            square=square,
            state=state,
            scale=scale,
            workers=workers,
            collection=collection,
            between=between,
            bounds=bounds,
            crs=crs,
        ),
        ChangeSettings(looks_ratio=looks, fdr_ratio=fdr),
    )
    if json:
        from json import dumps

        typer.echo(dumps(told))
    else:
        typer.echo(
            f"{out}: {told['places_called']} of {told['places']} places called "
            f"changed at a false discovery rate of {fdr:g}; {told['folded']} "
            f"pictures read, {told['pictures']} known"
        )
