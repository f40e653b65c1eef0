"""trucewatch cue MISSION --day D --assets FILE: what to look at next, and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson, Kept

app = typer.Typer(add_completion=False)


@app.command()
def cue(
    mission: Kept,
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The local day.")],
    assets: Annotated[Path, typer.Option(help="YAML file of who could look.")],
    hours: Annotated[
        float, typer.Option(min=0.1, help="All looks together may take so long.")
    ] = 24.0,
    act: Annotated[str, typer.Option(help="What new looks should notice.")] = "",
    zone: Annotated[str, typer.Option(help="A zone of the agreement.")] = "",
    cell_m: Annotated[float, typer.Option(help="Width of a cell.")] = 2000.0,
    blind_bits: Annotated[
        float, typer.Option(min=0.0, help="Worth of seeing all blind ground.")
    ] = 4.0,
    json: AsJson = False,
) -> None:
    """Rank the looks that would settle most: open incidents and blind ground."""
    from trucewatch.watch.completeness import Wanted
    from trucewatch.watch.cue import Budget, show_cues
    from trucewatch.watch.cue import cue as ranked

    wanted = Wanted(day.date(), act, zone, cell_m)
    found = ranked(mission, wanted, assets, Budget(hours, blind_bits))
    show_cues(found, as_json=json)
