"""Notices: parties announce the demining and the training they do."""

from __future__ import annotations

from collections.abc import Sequence

from trucewatch.exercise.delivered import Delivered, Intake, seconds, stamp, table
from trucewatch.exercise.truth import Happening, Sort, Stage

HEAD = (
    *("kind", "by", "reference", "begin", "end"),
    *("lat", "lon", "radius_m", "announced"),
)


def deliver(stage: Stage, truth: Sequence[Happening], seed: int) -> Delivered:
    """One table of notices, each for some hours around the work."""
    del seed
    rows = []
    for k, one in enumerate(t for t in truth if t.sort is Sort.EXEMPT):
        at = seconds(stage, one.time)
        end = at + one.length_s
        kind = "training" if one.what == "training" else "demining"
        rows.append((
            *(kind, one.by, f"{one.by}-{k + 1}"),
            *(
                stamp(stage, max(0.0, at - 5400)),
                stamp(stage, end + 5400),
            ),
            *(f"{one.lat_deg:.4f}", f"{one.lon_deg:.4f}", 1000),
            stamp(stage, at - 86_400),
        ))
    if not rows:
        return Delivered()
    return Delivered((Intake("notices", "notices.csv", table(HEAD, rows)),))
