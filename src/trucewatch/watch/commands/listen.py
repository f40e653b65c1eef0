"""trucewatch listen: write down what is sent live, for a mission to read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)

_WHERE = (
    "mqtt://[user:password@]host[:port]/topic or mqtts; "
    "seedlink://host[:port]/NET_STA:CHA[,…]; fdsn:// or fdsns:// likewise."
)


@app.command()
def listen(
    address: Annotated[str, typer.Argument(help=_WHERE)],
    out: Annotated[Path, typer.Option(help="File for messages, folder for waveforms.")],
    for_s: Annotated[float, typer.Option(help="How long to listen.", min=0.1)] = 60.0,
    most: Annotated[int, typer.Option(help="Stop after so many.", min=1)] = 10_000_000,
    since: Annotated[
        datetime | None, typer.Option(help="FDSN: ask from then on (UTC), not now.")
    ] = None,
    by_day: Annotated[
        bool, typer.Option("--by-day", help="Waveforms: a file per day, not hour.")
    ] = False,
) -> None:
    """Write a broker's messages or a server's waveforms down, as they arrive."""
    from trucewatch.watch.listen import Broker, listen
    from trucewatch.watch.rolled import Roll
    from trucewatch.watch.waves import record

    if address.startswith(("seedlink:", "fdsn:", "fdsns:")):
        begin = (since or datetime.now(UTC)).replace(tzinfo=UTC)
        roll = Roll.DAY if by_day else Roll.HOUR
        for line in record(address, out, roll, begin, (for_s, most)):
            typer.echo(line)
        return
    count = listen(Broker.at(address), out, for_s, most)
    many = "message" if count == 1 else "messages"
    typer.echo(f"{out}: {count} {many} added")
