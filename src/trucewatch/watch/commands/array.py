"""trucewatch array WAVEFORM…: find waves that cross arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from trucewatch.watch.parameters import AsJson

app = typer.Typer(add_completion=False)


@app.command()
def array(
    waveforms: Annotated[
        list[Path], typer.Argument(help="miniSEED or SAC files, gzip or not.")
    ],
    out: Annotated[Path, typer.Option(help="Write detections here (.csv or .json).")],
    stations: Annotated[
        Path | None,
        typer.Option(help="Where channels stand: CSV or StationXML; else SAC headers."),
    ] = None,
    low_hz: Annotated[float, typer.Option(help="Lower edge of the band.")] = 1.0,
    high_hz: Annotated[float, typer.Option(help="Upper edge of the band.")] = 5.0,
    window_s: Annotated[float, typer.Option(help="Time analysed at once.")] = 10.0,
    slow_mps: Annotated[float, typer.Option(help="Least trace velocity.")] = 280.0,
    fast_mps: Annotated[float, typer.Option(help="Greatest trace velocity.")] = 600.0,
    false_per_day: Annotated[
        float, typer.Option(help="Windows a day that noise alone may give.")
    ] = 0.5,
    json: AsJson = False,
) -> None:
    """Find waves that cross arrays: time, back-azimuth, trace velocity, F."""
    from trucewatch.detect.arrays.settings import ArraySettings
    from trucewatch.watch.arrays import detect_waves, write_detections

    settings = ArraySettings(
        low_hz=low_hz,
        high_hz=high_hz,
        window_s=window_s,
        slowest_mps=min(250.0, slow_mps),
        slow_mps=slow_mps,
        fast_mps=fast_mps,
        false_per_day=false_per_day,
    )
    rows, problems = detect_waves(stations, waveforms, settings)
    write_detections(rows, out)
    for problem in problems:
        typer.echo(problem, err=True)
    if json:
        from json import dumps

        typer.echo(dumps({"detections": rows, "problems": problems}))
    else:
        many = "detection" if len(rows) == 1 else "detections"
        typer.echo(f"{out}: {len(rows)} {many}")
