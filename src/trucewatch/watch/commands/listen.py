"""trucewatch listen: write down what a broker passes on, for a mission to read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def listen(
    address: Annotated[
        str, typer.Argument(help="mqtt://[user:password@]host[:port]/topic, or mqtts.")
    ],
    out: Annotated[Path, typer.Option(help="Messages are added to this file.")],
    for_s: Annotated[float, typer.Option(help="How long to listen.", min=0.1)] = 60.0,
    most: Annotated[int, typer.Option(help="Stop after so many.", min=1)] = 10_000_000,
) -> None:
    """Write a broker's messages down, one per line, as they arrive."""
    from trucewatch.watch.listen import Broker, listen

    count = listen(Broker.at(address), out, for_s, most)
    many = "message" if count == 1 else "messages"
    typer.echo(f"{out}: {count} {many} added")
