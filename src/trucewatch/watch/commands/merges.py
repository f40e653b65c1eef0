"""trucewatch merges MISSION|LEDGER: what was told as one, or nearly, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson, Kept

app = typer.Typer(add_completion=False)


@app.command()
def merges(
    what: Kept,
    near: Annotated[
        bool, typer.Option("--near", help="List pairs that are nearly one instead.")
    ] = False,
    json: AsJson = False,
) -> None:
    """List incidents made of several detections, the least certain merge first.

    A reviewer says of a pair that it is one incident or two in a decisions file, under
    `joins`; the next run honours it.
    """
    from trucewatch.watch.merges import show_merges, show_near

    show = show_near if near else show_merges
    show(what, as_json=json)
