"""How pictures are compared: one default for every district."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Combination(StrEnum):
    """How the bands (orbit and polarisation) of one place make one statistic."""

    SUM = "sum"  # of squares: change in every band counts
    MAX = "max"  # the strongest band counts, as in the pixel-wise t-test of Ballinger


class Scatter(StrEnum):
    """Whether pictures scatter alike before and after, for the test of their means."""

    POOLED = "pooled"  # Student's t: exact where only the mean can change
    OWN = "own"  # Welch's t: where a season alone makes pictures scatter more


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Numbers of change detection; the defaults are the same for every district.

    Attributes:
        margin: half the side of Lee's window, in pixels; 3 makes 7 by 7.
        looks_ratio: equivalent number of looks of one pixel: 4.4 for Sentinel-1
            ground-range products in IW mode at high resolution.
        combination: of bands.
        scatter: of pictures before and after.
        fdr_ratio: share of false ones among the places that are called changed.
        effect_db: typical change of backscatter of a damaged building, either way.
        effect_sd_db: how much it differs between buildings.
        band_sd_db: how much it differs between bands of one building.
        log10_least: evidence from which a place is handed on as a detection.
        tile: side of a tile in pixels; memory grows with its square.
        probes: pixels drawn at random whose whole series is kept as background.
        ahead: places are set against the later half of their background only, and
            placebo dates likewise have all their background before them: where a
            season moves places, a date at the end is farther from it than one amid.

    Source: ESA, Sentinel-1 product specification S1-RS-MDA-52-7441, radiometric
    resolution (looks). The effect is expert judgement, not fitted (docs/change.md).
    """

    margin: int = 3
    looks_ratio: float = 4.4
    combination: Combination = Combination.SUM
    scatter: Scatter = Scatter.POOLED
    fdr_ratio: float = 0.1
    effect_db: float = 3.0
    effect_sd_db: float = 1.0
    band_sd_db: float = 1.0
    log10_least: float = 0.5
    tile: int = 512
    probes: int = 4_000
    ahead: bool = False
