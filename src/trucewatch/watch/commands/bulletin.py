"""trucewatch bulletin MISSION|LEDGER --day D --stage R: issue one bulletin."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from trucewatch.share.release import Release, Stage
from trucewatch.watch.parameters import AsJson, Kept

app = typer.Typer(add_completion=False)


@app.command()
def bulletin(
    what: Kept,
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The local day.")],
    stage: Annotated[Stage, typer.Option(help="F0, A1, A2, A3, R or Final.")] = Stage.R,
    release: Annotated[Release, typer.Option(help="For whom.")] = Release.PUBLIC,
    lang: Annotated[str, typer.Option(help="Language of the text.")] = "en",
    form: Annotated[
        str, typer.Option("--format", help="Formats, separated by commas.")
    ] = "html,pdf,csv,geojson,geoparquet,map,json",
    json: AsJson = False,
) -> None:
    """Issue one bulletin from what the ledger holds; needs an earlier run."""
    from trucewatch.watch.again import issue_again
    from trucewatch.watch.mission import Issue

    formats = tuple(one.strip() for one in form.split(","))
    wanted = Issue.asked(stage, release, formats, lang)
    issue_again(what, day.date(), wanted, as_json=json)
