"""trucewatch merges MISSION|LEDGER: what was told as one incident, and why."""

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
    json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """List incidents made of several detections, the least certain merge first."""
    from trucewatch.watch.merges import show_merges

    show_merges(what, as_json=json)
