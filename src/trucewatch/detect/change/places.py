"""Series of whole places: buildings, or pixels drawn at random, picture by picture.

The mean power over a place is taken before the logarithm: many pixels make many looks.
A series is short (one number a picture), so it is kept whole; from it come the test of
the place, the placebo tests of dates at which nothing is known to have happened, and
the time of a change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from trucewatch.detect.change.settings import ChangeSettings
from trucewatch.detect.change.welch import (
    Difference,
    Numbers,
    Sample,
    difference,
    joined,
    score,
)

Flags = NDArray[np.bool_]

MOST_PLACEBOS = 8  # placebo dates of one district
LEAST_BEFORE = 4  # pictures of a band before the date; fewer make no background


@dataclass(frozen=True, slots=True)
class Band:
    """One relative orbit and polarisation.

    Attributes:
        name: such as ``43/vv``.
        times: of its pictures, ascending.
        values: dB less the level of the picture, shape ``(n_places, n_pictures)``,
            NaN where there is no data.
    """

    name: str
    times: tuple[datetime, ...]
    values: Numbers

    def after(self, since: datetime) -> Flags:
        """Which pictures were taken at ``since`` or later."""
        return np.array([one >= since for one in self.times], dtype=np.bool_)


def usable(bands: tuple[Band, ...], since: datetime) -> tuple[Band, ...]:
    """Bands with background enough and at least one picture since."""
    found = []
    for one in bands:
        after = one.after(since)
        if (~after).sum() >= LEAST_BEFORE and after.any():
            found.append(one)
    return tuple(found)


def differences(
    bands: tuple[Band, ...], since: datetime, settings: ChangeSettings
) -> tuple[Difference, ...]:
    """Each band's change of mean at a date, per place."""
    return tuple(
        difference(
            Sample.of(one.values[:, ~one.after(since)]),
            Sample.of(one.values[:, one.after(since)]),
            settings.scatter,
        )
        for one in bands
    )


def placebos(
    bands: tuple[Band, ...], since: datetime, settings: ChangeSettings
) -> tuple[tuple[Difference, ...], ...]:
    """The same test at dates before, as many as the background has room for.

    A run of earlier pictures as long as the true one, at most half of what there is,
    plays the part of the later ones; all other earlier pictures that of the background.
    Runs are laid evenly over the background and all bands at the same part of it, so
    that a season or wet snow strikes them together, as it does the true test.
    """
    plans = []
    for one in bands:
        early = np.flatnonzero(~one.after(since))
        run = max(1, min(int(one.after(since).sum()), len(early) // 2))
        plans.append((one, early, run))
    rooms = [len(early) - run + 1 for _, early, run in plans]
    count = min(MOST_PLACEBOS, *rooms) if rooms else 0
    found = []
    for at in np.linspace(0, 1, count).tolist():
        tests = []
        for one, early, run in plans:
            first = round(at * (len(early) - run))
            chosen = early[first : first + run]
            rest = np.setdiff1d(early, chosen)
            background, watched = one.values[:, rest], one.values[:, chosen]
            tests.append(
                difference(Sample.of(background), Sample.of(watched), settings.scatter)
            )
        found.append(tuple(tests))
    return tuple(found)


def scored(tests: tuple[Difference, ...], settings: ChangeSettings) -> Numbers:
    """One score per place, 0 or more; NaN where no band knows it."""
    return joined(np.stack([score(one) for one in tests]), settings.combination)
