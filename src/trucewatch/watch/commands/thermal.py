"""trucewatch thermal FIRES…: how likely each fire pixel is war-related."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson

app = typer.Typer(add_completion=False)


@app.command()
def thermal(
    fires: Annotated[
        list[Path], typer.Argument(help="FIRMS lists to judge, CSV, gzip or not.")
    ],
    history: Annotated[
        list[Path], typer.Option(help="FIRMS lists of years without war; repeat it.")
    ],
    out: Annotated[Path, typer.Option(help="Write one row per pixel here (.csv).")],
    p_war: Annotated[
        float, typer.Option(help="Share of pixels that are war-related beforehand.")
    ] = 0.1,
    cache: Annotated[
        Path | None, typer.Option(help="Keep what was learnt in this folder.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Say per fire pixel how likely it is war-related, given years without war."""
    from trucewatch.watch.thermal import judge_fires, write_rows

    judged = judge_fires(fires, history, p_war, cache)
    write_rows(judged, out)
    for problem in judged.problems:
        typer.echo(problem, err=True)
    summary = {
        "pixels": len(judged.rows),
        "rejected": len(judged.problems),
        "years": list(judged.years),
        "provenance": judged.provenance,
        "calibrated": judged.calibrated,
    }
    if json:
        from json import dumps

        typer.echo(dumps(summary))
    else:
        years = f"{len(judged.years)} years of history"
        how = "calibrated" if judged.calibrated else "too short to calibrate"
        typer.echo(f"{out}: {len(judged.rows)} pixels, {years} ({how})")
