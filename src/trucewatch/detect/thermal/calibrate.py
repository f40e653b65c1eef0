"""From scores to likelihood ratios that mean what they say.

War fires are drawn at random over ground and days and put among the fires of peace
years, each year judged by what the other years teach. What share of equally scored
pixels was drawn gives the ratio; it may only fall as the background rises.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from trucewatch.collect.pixels import Integers, Numbers
from trucewatch.detect.thermal.fires import Fires
from trucewatch.detect.thermal.grid import Grid

DRAWN_PER_YEAR = 6_000
_BINS = 200
_SEED = 20_260_106
# What a bin holds of each kind before one is counted, as a share of all of that kind:
# the ratio of a bin nobody fell into is 1, and no ratio is infinite.
_PSEUDO_RATIO = 2e-5


@dataclass(frozen=True, slots=True)
class Calibration:
    """Log10 likelihood ratio by score; empty where history was too short.

    Attributes:
        log10_density: scores at the knots, rising.
        log10_ratio: of war-related against background there, falling.
    """

    log10_density: Numbers
    log10_ratio: Numbers

    def __bool__(self) -> bool:
        """Whether there is anything to go by."""
        return bool(len(self.log10_density))

    def at(self, log10_density: Numbers) -> Numbers:
        """The ratio at each score; beyond the knots that of the nearest."""
        found: Numbers = np.interp(log10_density, self.log10_density, self.log10_ratio)
        return found


NONE = Calibration(np.empty(0), np.empty(0))


# A lasting excess of war is taken to be anything between these, natural log;
# most war fires have none: in a truce there is nothing that lasts.
_LASTING = (0.5, 4.5)
_P_LASTING = 0.3


@dataclass(frozen=True, slots=True)
class Marks:
    """What the background says of some fires, shape ``(n,)`` each.

    Attributes:
        log10_density: fires per km2 and day expected without war.
        excess: lasting one of the neighbourhood, natural log (``lasting_excess``).
        pixels: weight of each.
    """

    log10_density: Numbers
    excess: Numbers
    pixels: Numbers


@dataclass(frozen=True, slots=True)
class Judged:
    """Scores of pixels in years held out, shape ``(n,)`` each, with their weights."""

    background: Numbers
    background_pixels: Numbers
    drawn: Numbers


def draw(days: Integers, land: NDArray[np.bool_], grid: Grid, year: int) -> Fires:
    """War fires at random: any place on land, any day, one pixel each.

    Args:
        days: days since 1970 they may fall on.
        land: cells that count.
        grid: of ``land``.
        year: seeds the draw.
    """
    chance = np.random.Generator(np.random.PCG64([_SEED, year]))
    weight = (land * grid.row_km2()[:, None]).ravel()
    # One uniform number per cell and a search: the same on every numpy.
    turn = chance.random((4, DRAWN_PER_YEAR))
    total = np.cumsum(weight)
    cell = np.searchsorted(total, turn[0] * total[-1], side="right")
    row, column = cell // grid.columns, cell % grid.columns
    east = grid.west_deg + (column + turn[2]) * grid.cell_deg
    return Fires(
        grid.south_deg + (row + turn[1]) * grid.cell_deg,
        (east + 180) % 360 - 180,
        days[(turn[3] * len(days)).astype(np.int64)],
        np.ones(DRAWN_PER_YEAR, dtype=np.int64),
    )


def lasting_ratio(years: list[Marks]) -> Calibration:
    """The ratio a lasting excess speaks with, by its negative; rises with it."""
    drawn = -np.linspace(*_LASTING, DRAWN_PER_YEAR)
    return calibrated([Judged(-one.excess, one.pixels, drawn) for one in years])


def scored(marks: Marks, lasting: Calibration) -> Numbers:
    """One score of both marks: a density, lowered where the excess lasts."""
    ratio = 10 ** lasting.at(-marks.excess)
    score: Numbers = marks.log10_density - np.log10(1 - _P_LASTING + _P_LASTING * ratio)
    return score


def in_lasting_war(drawn: Marks) -> Marks:
    """Drawn fires, a share of which lies where war has lasted."""
    excess = drawn.excess.copy()
    changed = round(len(excess) * _P_LASTING)
    excess[:changed] = np.linspace(*_LASTING, changed)
    return Marks(drawn.log10_density, excess, drawn.pixels)


def calibrated(years: list[Judged]) -> Calibration:
    """The monotone ratio that fits all years; every year weighs the same."""
    score = np.concatenate([
        part for one in years for part in (one.background, one.drawn)
    ])
    edges = np.unique(np.quantile(score, np.linspace(0, 1, _BINS + 1)))
    if len(edges) < 3:
        return NONE
    background, drawn = np.zeros(len(edges) - 1), np.zeros(len(edges) - 1)
    for one in years:
        background += _shares(one.background, one.background_pixels, edges)
        drawn += _shares(one.drawn, np.ones(len(one.drawn)), edges)
    background = background / len(years) + _PSEUDO_RATIO
    drawn = drawn / len(years) + _PSEUDO_RATIO
    share = drawn / (background + drawn)
    fitted = isotonic_regression(share, weights=background + drawn, increasing=False).x
    middle = (edges[1:] + edges[:-1]) / 2
    return Calibration(middle, np.log10(fitted / (1 - fitted)))


def _shares(score: Numbers, weight: Numbers, edges: Numbers) -> Numbers:
    found = np.histogram(score, edges, weights=weight)[0]
    shares: Numbers = found / max(float(found.sum()), 1e-12)
    return shares
