"""trucewatch demo: the main job on the bundled case, offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson
from trucewatch.watch.signals import uninterrupted

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for ledger and bulletins.")] = Path(
        "out/demo"
    ),
    browser: Annotated[
        bool, typer.Option(help="Open the bulletin in a browser.")
    ] = True,
    exercise: Annotated[
        bool, typer.Option(help="Then rehearse one simulated day full of sensors.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Run the Easter truce of 2025 from the facts shipped with trucewatch."""
    with uninterrupted():
        from trucewatch.watch.show import open_in_browser, show_summary
        from trucewatch.watch.start import bundled, start

    if exercise and json:
        from trucewatch.errors import MissionError

        msg = "give --exercise or --json; `trucewatch exercise` has --json of its own"
        raise MissionError(msg)
    summary, folder = start(bundled("easter2025"), out)
    show_summary(summary, folder, as_json=json)
    if exercise:
        from trucewatch.watch.exercise import rehearse

        typer.echo()
        rehearse("rehearsal", out / "exercise")
    if browser and not json:
        open_in_browser(summary)
