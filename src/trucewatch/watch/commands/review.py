"""trucewatch review MISSION|LEDGER: the queue, and a reviewer's decisions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson, Kept

app = typer.Typer(add_completion=False)


@app.command()
def review(
    what: Kept,
    decisions: Annotated[
        Path | None, typer.Option(help="Decisions file (YAML) to record.")
    ] = None,
    undecided: Annotated[
        bool, typer.Option("--undecided", help="Only what nobody has decided.")
    ] = False,
    track: Annotated[
        bool, typer.Option("--track", help="How far the words of parties held.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Show the findings to review, gravest first, or record decisions on them.

    A bulletin of stage R or Final issued afterwards carries the decisions that were
    made before its information cut-off.
    """
    from trucewatch.watch.queue import record_decisions, show_queue, show_track

    if track:
        show_track(what, as_json=json)
        return
    if decisions is None:
        show_queue(what, undecided=undecided, as_json=json)
        return
    count, note = record_decisions(what, decisions)
    typer.echo(f"{count} new decisions recorded")
    if note:
        typer.echo(note, err=True)
