"""Every place of a district weighed at one date: score, evidence, false discoveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from trucewatch.detect.change.discovery import q_values
from trucewatch.detect.change.places import (
    Band,
    differences,
    least_before,
    placebos,
    scored,
    usable,
)
from trucewatch.detect.change.settings import ChangeSettings
from trucewatch.detect.change.strength import Background, background
from trucewatch.detect.change.timing import changed_within
from trucewatch.detect.change.welch import Numbers
from trucewatch.period import Period


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is known of each place, all ``(n_places,)``; NaN where nothing is.

    Attributes:
        score: size of a standard normal number where nothing changed.
        step_db: mean change of the bands, after less before.
        log10_ratios: evidence that it changed against that it did not.
        p: chance of such a score where nothing changed.
        q: false discovery rate at which it is just called changed.
        placebos: dates that taught the background.
    """

    bands: tuple[Band, ...]
    since: datetime
    score: Numbers
    step_db: Numbers
    log10_ratios: Numbers
    p: Numbers
    q: Numbers
    background: Background
    placebos: int

    def within(self, place: int) -> Period:
        """When a place changed, if it did."""
        return changed_within(self.bands, place, self.since)


def assess(
    bands: tuple[Band, ...], since: datetime, settings: ChangeSettings
) -> Assessment:
    """The places of one district at one date.

    Raises:
        ValueError: if no band has pictures enough before the date and one since, or
            too few places or dates teach the background.
    """
    chosen = usable(bands, since, settings)
    if not chosen:
        counted = ", ".join(
            f"{one.name} {int((~one.after(since)).sum())} before and "
            f"{int(one.after(since).sum())} since"
            for one in bands
        )
        msg = (
            f"no band has {least_before(settings)} pictures before the date and one "
            "since; "
            f"found: {counted or 'none'}"
        )
        raise ValueError(msg)
    tests = differences(chosen, since, settings)
    fake = placebos(chosen, since, settings)
    known = background(fake, settings)
    scores = scored(tests, settings)
    p = known.p(scores)
    steps = np.stack([one.step_db for one in tests])
    good = np.isfinite(steps)
    mean = np.where(good, steps, 0).sum(axis=0) / np.maximum(good.sum(axis=0), 1)
    return Assessment(
        bands=chosen,
        since=since,
        score=scores,
        step_db=np.where(good.any(axis=0), mean, np.nan),
        log10_ratios=known.log10_ratio(scores),
        p=p,
        q=q_values(p),
        background=known,
        placebos=len(fake),
    )
