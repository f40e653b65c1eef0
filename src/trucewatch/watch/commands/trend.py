"""trucewatch trend MISSION|LEDGER: how breaches went over the days."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def trend(
    what: Annotated[
        Path, typer.Argument(help="A ledger's folder, a run's, or a mission file.")
    ],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print rates with what was watched as exposure, changes, and recaptures."""
    from trucewatch.watch.trend import show_trend

    show_trend(what, as_json=json)
