"""trucewatch run MISSION: run a mission and issue its bulletins."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson
from trucewatch.watch.signals import uninterrupted

app = typer.Typer(add_completion=False)


@app.command()
def run(
    mission: Annotated[Path, typer.Argument(help="Mission file (YAML).")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for ledger and bulletins.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(help="Issue only what is due by then (UTC).")
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Processes that read deliveries.", min=1, max=61)
    ] = 1,
    json: AsJson = False,
) -> None:
    """Run a mission: take deliveries in, draw pictures, issue bulletins.

    A run that was stopped goes on where it was when the same command is given again.
    """
    with uninterrupted():
        from trucewatch.watch.show import show_summary
        from trucewatch.watch.start import start

    summary, folder = start(mission, out, until=until, workers=workers)
    show_summary(summary, folder, as_json=json)
