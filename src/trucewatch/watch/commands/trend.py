"""trucewatch trend MISSION|LEDGER: how breaches went over the days."""

from __future__ import annotations

import typer

from trucewatch.watch.parameters import AsJson, Kept

app = typer.Typer(add_completion=False)


@app.command()
def trend(
    what: Kept,
    json: AsJson = False,
) -> None:
    """Print rates with what was watched as exposure, changes, and recaptures."""
    from trucewatch.watch.trend import show_trend

    show_trend(what, as_json=json)
