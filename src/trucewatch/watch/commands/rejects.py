"""trucewatch rejects MISSION|LEDGER: rows nobody could use, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def rejects(
    what: Annotated[
        Path, typer.Argument(help="A ledger's folder, a run's, or a mission file.")
    ],
    delivery: Annotated[
        str, typer.Option(help="Only rows of deliveries of this name.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """List every row and delivery that could not be used, with where and why."""
    from trucewatch.watch.rejects import show_rejects

    show_rejects(what, delivery, as_json=json)
