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


def least_before(settings: ChangeSettings) -> int:
    """How many earlier pictures of a band make a background."""
    return 2 * LEAST_BEFORE if settings.ahead else LEAST_BEFORE


def usable(
    bands: tuple[Band, ...], since: datetime, settings: ChangeSettings
) -> tuple[Band, ...]:
    """Bands with background enough and at least one picture since."""
    found = []
    for one in bands:
        after = one.after(since)
        if (~after).sum() >= least_before(settings) and after.any():
            found.append(one)
    return tuple(found)


def differences(
    bands: tuple[Band, ...], since: datetime, settings: ChangeSettings
) -> tuple[Difference, ...]:
    """Each band's change of mean at a date, per place."""
    found = []
    for one in bands:
        early, late = np.flatnonzero(~one.after(since)), one.after(since)
        kept = early[-_lookback(len(early), settings) :]
        before, after = Sample.of(one.values[:, kept]), Sample.of(one.values[:, late])
        found.append(difference(before, after, settings.scatter))
    return tuple(found)


def _lookback(count: int, settings: ChangeSettings) -> int:
    """How many of the earlier pictures a date is set against."""
    return (count + 1) // 2 if settings.ahead else count


def placebos(
    bands: tuple[Band, ...], since: datetime, settings: ChangeSettings
) -> tuple[tuple[Difference, ...], ...]:
    """The same test at dates before, as many as the background has room for.

    A run of earlier pictures as long as the true one, at most half of what there is,
    plays the part of the later ones; all other earlier pictures that of the background.
    Runs are laid evenly over the background and all bands at the same part of it, so
    that a season or wet snow strikes them together, as it does the true test. With
    ``ahead`` only pictures before a run are its background, as many as before the date.
    """
    plans = [_Plan.of(one, since, settings) for one in bands]
    count = min(MOST_PLACEBOS, *(one.rooms for one in plans)) if plans else 0
    return tuple(
        tuple(one.test(at, settings) for one in plans)
        for at in np.linspace(0, 1, count).tolist()
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """How placebo dates are laid over the earlier pictures of one band.

    Attributes:
        early: positions of those pictures.
        run: how many play the later ones.
        lead: how many lie before the first date; all others serve as background where
            it is 0.
    """

    band: Band
    early: NDArray[np.int64]
    run: int
    lead: int

    @classmethod
    def of(cls, band: Band, since: datetime, settings: ChangeSettings) -> _Plan:
        early = np.flatnonzero(~band.after(since))
        lead = _lookback(len(early), settings) if settings.ahead else 0
        room = len(early) - lead if lead else len(early) // 2
        run = max(1, min(int(band.after(since).sum()), room))
        return cls(band, early, run, lead)

    @property
    def rooms(self) -> int:
        """How many dates there can be."""
        return len(self.early) - self.lead - self.run + 1

    def test(self, at_ratio: float, settings: ChangeSettings) -> Difference:
        """The test of the date at a share of the way."""
        first = self.lead + round(at_ratio * (self.rooms - 1))
        chosen = self.early[first : first + self.run]
        rest = np.setdiff1d(self.early, chosen)
        if self.lead:
            rest = self.early[first - self.lead : first]
        values = self.band.values
        before, after = Sample.of(values[:, rest]), Sample.of(values[:, chosen])
        return difference(before, after, settings.scatter)


def scored(tests: tuple[Difference, ...], settings: ChangeSettings) -> Numbers:
    """One score per place, 0 or more; NaN where no band knows it."""
    return joined(np.stack([score(one) for one in tests]), settings.combination)
