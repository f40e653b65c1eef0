"""trucewatch locate: where waves heard at several arrays came from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def locate(
    detections: Annotated[
        list[Path], typer.Option(help="JSON list of detections; may be repeated.")
    ],
    out: Annotated[Path, typer.Option(help="Write incidents here (JSON).")],
    reach_km: Annotated[
        float, typer.Option(help="No event is heard further off.", min=1, max=2000)
    ] = 1000.0,
    json: Annotated[
        bool, typer.Option("--json", help="Print the incidents as JSON too.")
    ] = False,
) -> None:
    """Locate events from bearings and times of arrays; decoys are left over."""
    from json import dumps

    from trucewatch.fuse.arrays.heard import LocationSettings
    from trucewatch.watch.arrays import locate_detections

    found = locate_detections(detections, LocationSettings(reach_km=reach_km))
    text = dumps(found, indent=1)
    out.write_text(text + "\n", encoding="utf-8")
    typer.echo(text if json else f"{out}: written")
