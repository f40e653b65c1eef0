"""trucewatch replay LEDGER --bulletin ID: make a bulletin again and compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson

app = typer.Typer(add_completion=False)


@app.command()
def replay(
    ledger: Annotated[Path, typer.Argument(help="The ledger's folder.")],
    bulletin: Annotated[str, typer.Option(help="Id of a bulletin, or its beginning.")],
    published: Annotated[
        Path | None, typer.Option(help="Published folder to compare with.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the files made here.")] = None,
    json: AsJson = False,
) -> None:
    """Make a bulletin again from the ledger alone; leaves with 1 if it differs."""
    from trucewatch.watch.again import replay_again

    if not replay_again(ledger, bulletin, published, out, as_json=json):
        raise typer.Exit(1)
