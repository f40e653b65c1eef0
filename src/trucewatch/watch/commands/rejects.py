"""trucewatch rejects MISSION|LEDGER: rows nobody could use, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson, Kept

app = typer.Typer(add_completion=False)


@app.command()
def rejects(
    what: Kept,
    delivery: Annotated[
        str, typer.Option(help="Only rows of deliveries of this name.")
    ] = "",
    json: AsJson = False,
) -> None:
    """List every row and delivery that could not be used, with where and why."""
    from trucewatch.watch.rejects import show_rejects

    show_rejects(what, delivery, as_json=json)
