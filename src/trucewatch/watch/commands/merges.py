"""trucewatch merges MISSION|LEDGER: what was told as one, or nearly, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def merges(
    what: Annotated[
        Path, typer.Argument(help="A ledger's folder, a run's, or a mission file.")
    ],
    near: Annotated[
        bool, typer.Option("--near", help="List pairs that are nearly one instead.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """List incidents made of several detections, the least certain merge first.

    A reviewer says of a pair that it is one incident or two in a decisions file, under
    `joins`; the next run honours it.
    """
    from trucewatch.watch.merges import show_merges, show_near

    show = show_near if near else show_merges
    show(what, as_json=json)
