"""trucewatch statements FILE…: who said what, and where outlets differ."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson

app = typer.Typer(add_completion=False)


@app.command()
def statements(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Articles (text, HTML, PDF), feeds, WARC/WACZ, exports, e-mail."
        ),
    ],
    published: Annotated[
        str, typer.Option(help="When they were published, where they do not say.")
    ] = "",
    zone: Annotated[
        str, typer.Option(help="IANA zone of days and hours without one.")
    ] = "UTC",
    voice: Annotated[
        str, typer.Option(help="Party for which the channel itself speaks.")
    ] = "",
    language: Annotated[
        str, typer.Option(help="en, fr, ru or uk; told from the text if not given.")
    ] = "",
    gazetteer: Annotated[
        Path | None, typer.Option(help="Settlements: a GeoNames table with a header.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the JSON here as well.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page to read here as well.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Set statements side by side: who said what, where outlets differ."""
    from trucewatch.watch.side_by_side import as_json, as_text
    from trucewatch.watch.statement_page import as_page
    from trucewatch.watch.statements import hear
    from trucewatch.watch.terminal import write

    given = {"published": published, "zone": zone, "voice": voice, "language": language}
    heard = hear(files, given, gazetteer)
    if out is not None:
        out.write_text(as_json(heard) + "\n", encoding="utf-8")
    if html is not None:
        html.write_text(as_page(heard), encoding="utf-8")
    write(sys.stdout, as_json(heard) if json else as_text(heard))
