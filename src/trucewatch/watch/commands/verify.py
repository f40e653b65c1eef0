"""trucewatch verify BULLETIN|LEDGER: an independent check, step by step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson

app = typer.Typer(add_completion=False)


@app.command()
def verify(
    what: Annotated[Path, typer.Argument(help="A bulletin's folder, or a ledger's.")],
    ledger: Annotated[
        Path | None, typer.Option(help="Also check the bulletin against this ledger.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The signer's public key (or file) you trust.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Check that nothing was changed, left out or added; leaves with 1 if it was."""
    from trucewatch.watch.check import steps_for
    from trucewatch.watch.show import show_steps

    if not show_steps(steps_for(what, ledger, key), str(what), as_json=json):
        raise typer.Exit(1)
