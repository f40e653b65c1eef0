"""The background learnt from a history of fires, and what it says of new ones.

1. pixels of the history become fires, day by day
2. rates per cell and season, small cells that burn more, sources that always burn
3. each year held out in turn: its fires and drawn ones are scored by the others
4. scores become likelihood ratios, monotone, on those years only
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.collect.pixels import FirePixels, Integers, Numbers
from trucewatch.detect.thermal.activity import busyness
from trucewatch.detect.thermal.calibrate import (
    NONE,
    Calibration,
    Judged,
    Marks,
    calibrated,
    draw,
    in_lasting_war,
    lasting_ratio,
    scored,
)
from trucewatch.detect.thermal.fires import SEASONS, Fires, daily_fires, season, year
from trucewatch.detect.thermal.grid import Grid
from trucewatch.detect.thermal.lasting import lasting_excess
from trucewatch.detect.thermal.local import (
    LOCAL_PER_DEG,
    Places,
    burning_days,
    lately,
    local_days,
    local_ratio,
    persistent,
    source_density,
)
from trucewatch.detect.thermal.seasonal import (
    SEASON_DAYS,
    Field,
    YearSums,
    ground,
    rates,
    year_sums,
)
from trucewatch.detect.thermal.settings import DEFAULT, ThermalSettings

_LEAST_DENSITY = 1e-12  # fires per km2 and day; far below any that was ever learnt


@dataclass(frozen=True, slots=True)
class Background:
    """What explains fires without war, learnt from some years.

    Attributes:
        rate: fires per cell and day, by season, shape ``(rows, columns, 73)``.
        whole_days: days of burning one local cell has in the history per unit of
            yearly rate, by season, shape ``(73,)``.
        local: burning days of small cells in the history.
        sources: persistent ones.
    """

    grid: Grid
    rate: Field
    whole_days: Numbers
    local: Places
    sources: Places
    settings: ThermalSettings

    def marks(self, fires: Fires, seen: Fires) -> Marks:
        """What explains each fire without war: density, and excess that lasts.

        ``seen`` are all fires known of those days and of the month before; they tell
        how busy the surroundings are and have been.
        """
        excess = lasting_excess(fires, seen, self.rate, self.grid, self.settings)
        pixels = fires.pixels.astype(np.float64)
        return Marks(self._log10_density(fires, seen), excess, pixels)

    def _log10_density(self, fires: Fires, seen: Fires) -> Numbers:
        grid = self.grid
        row, column = grid.cells(fires.lat_deg, fires.lon_deg)
        usual = self.rate[row, column, season(fires.day)].astype(np.float64)
        small = (LOCAL_PER_DEG * grid.cell_deg) ** 2
        expected = self.rate[row, column] @ self.whole_days / small
        burned = local_days(self.local, fires)
        burned += lately(fires, seen, self.settings.lasting_days)
        ratio = local_ratio(burned, expected, self.settings.local_prior_fires)
        busy = busyness(fires, seen, self.rate, grid, self.settings)
        density = usual * ratio * busy / grid.row_km2()[row]
        density += source_density(self.sources, fires)
        found: Numbers = np.log10(np.maximum(density, _LEAST_DENSITY))
        return found


@dataclass(frozen=True, slots=True)
class FireModel:
    """A background with its calibration.

    Attributes:
        mean_per_km2_day: fires of the history per km2 of its ground and day.
        years: calendar years it was learnt from.
    """

    background: Background
    calibration: Calibration
    lasting: Calibration
    mean_per_km2_day: float
    years: tuple[int, ...]

    def log10_ratio(self, fires: Fires, seen: Fires) -> Numbers:
        """Log10 likelihood ratio of each fire, war-related against background.

        War fires are taken to be as likely in any place on any day, so the ratio
        holds for the observed place and day, not for how many fires there were.
        Uncalibrated where the history was too short (``calibration`` is empty).
        """
        if not len(fires):
            return np.empty(0)
        marks = self.background.marks(fires, seen)
        if self.calibration:
            return self.calibration.at(scored(marks, self.lasting))
        found: Numbers = np.log10(self.mean_per_km2_day) - marks.log10_density
        return found

    def probability(self, log10_ratio: Numbers, p_war: float) -> Numbers:
        """Chance that a fire is war-related, if ``p_war`` of all fire pixels are."""
        odds = p_war / (1 - p_war) * 10**log10_ratio
        found: Numbers = odds / (1 + odds)
        return found

    def log10_clutter(self, log10_ratio: Numbers) -> Numbers:
        """Log10 of fires per km2 and day without war, as the ratio has it."""
        found: Numbers = np.log10(self.mean_per_km2_day) - log10_ratio
        return found


@dataclass(frozen=True, slots=True)
class _History:
    """Fires of a history by calendar year, with their sums."""

    fires: Fires
    of_year: Integers
    sums: dict[int, YearSums]
    grid: Grid
    land: NDArray[np.bool_]
    settings: ThermalSettings

    def without(self, year: int | None) -> Background:
        kept = [one for one in self.sums if one != year]
        sums = [self.sums[one] for one in kept]
        fires = self.fires if year is None else self.fires.only(self.of_year != year)
        exposure = sum((one.exposure for one in sums), np.zeros(SEASONS))
        days = round(float(exposure.sum()) * SEASON_DAYS)
        return Background(
            grid=self.grid,
            rate=rates(sums, self.land, self.grid),
            whole_days=exposure * SEASON_DAYS,
            local=burning_days(fires),
            sources=persistent(fires, days, self.settings),
            settings=self.settings,
        )


def learn(
    history: Sequence[FirePixels], settings: ThermalSettings = DEFAULT
) -> FireModel | None:
    """The background of a history of fires; ``None`` where it holds no fire.

    Nothing of the history is taken to be war-related: what burned in it will be
    expected to burn again.
    """
    fires, _ = daily_fires(history, settings.link_m)
    if not len(fires):
        return None
    grid = Grid.around(fires.lat_deg, fires.lon_deg)
    of_year = year(fires.day)
    every = np.unique(of_year).tolist()
    ends = (every[0], every[-1])
    sums = {
        one: year_sums(fires.only(of_year == one), grid, one in ends) for one in every
    }
    known = _History(fires, of_year, sums, grid, ground(fires, grid), settings)
    background = known.without(None)
    km2 = float((known.land.sum(axis=1) * grid.row_km2()).sum())
    days = max(1.0, float(background.whole_days.sum()))
    lasting, calibration = _calibrated(known)
    return FireModel(
        background=background,
        calibration=calibration,
        lasting=lasting,
        mean_per_km2_day=len(fires) / km2 / days,
        years=tuple(every),
    )


def _calibrated(known: _History) -> tuple[Calibration, Calibration]:
    """Every year judged by the others; nothing where there are too few to tell.

    First what a lasting excess is worth, then what both marks together are.
    """
    if len(known.sums) < 2 or len(known.fires) < known.settings.least_fires:
        return NONE, NONE
    usual, drawn = [], []
    for one in known.sums:
        held = known.fires.only(known.of_year == one)
        background = known.without(one)
        days = np.arange(int(held.day.min()), int(held.day.max()) + 1, dtype=np.int64)
        put = draw(days, known.land, known.grid, one)
        usual.append(background.marks(held, held))
        drawn.append(in_lasting_war(background.marks(put, held)))
    lasting = lasting_ratio(usual)
    if not lasting:
        return NONE, NONE
    judged = [
        Judged(scored(a, lasting), a.pixels, scored(b, lasting))
        for a, b in zip(usual, drawn, strict=True)
    ]
    return lasting, calibrated(judged)
