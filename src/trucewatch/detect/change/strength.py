"""What a score is worth: against placebo dates of the same district, never a map.

``f0`` is the law of the score at placebo dates, with all that made pictures differ
there: speckle, seasons, wet snow, neighbours that err together. ``f1`` is the law of
the same placebo scores with a change of damage's size added to every band before it is
scored, so that few looks or few pictures weaken it as they do in truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression
from scipy.special import ndtr, ndtri

from trucewatch.detect.change.places import scored
from trucewatch.detect.change.settings import ChangeSettings
from trucewatch.detect.change.welch import Difference, Numbers

_TAIL = 0.02  # share of placebo scores from which on the tail is a normal law's
_LEAST_TAIL = 10  # placebo scores that a tail needs
# Borders between classes of score, as shares of placebo scores above them.
_ABOVE = (*np.arange(0.95, 0.1, -0.05).tolist(), 0.1, 0.07, 0.05, 0.03, 0.02, 0.01)
_FINER = (0.005, 0.002, 0.001, 5e-4, 2e-4, 1e-4)
_SEED = 20_260_111


@dataclass(frozen=True, slots=True)
class Background:
    """Laws of the score where nothing happened and where something did.

    Attributes:
        quiet: placebo scores, ascending.
        knots: scores at which the ratio is known, ascending.
        log10_ratios: of ``f1`` to ``f0`` at the knots, never falling.
    """

    quiet: Numbers
    knots: Numbers
    log10_ratios: Numbers

    def log10_ratio(self, scores: Numbers) -> Numbers:
        """Log10 of the likelihood ratio of scores; NaN where the score is.

        Beyond the last knot it grows no more: a background of n scores cannot tell
        chances much below 1 / n.
        """
        found: Numbers = np.interp(scores, self.knots, self.log10_ratios)
        return np.where(np.isfinite(scores), found, np.nan)

    def p(self, scores: Numbers) -> Numbers:
        """Chance of such a score or more where nothing happened; NaN where unknown.

        Counted; beyond the uppermost placebo scores by the tail of a normal law as wide
        as theirs.
        """
        n = len(self.quiet)
        above = n - np.searchsorted(self.quiet, scores, side="left")
        counted = (above + 1) / (n + 1)
        start = max(_LEAST_TAIL, int(n * _TAIL))
        if n > 2 * start:
            border = float(self.quiet[-start])
            tail = _normal_tail(self.quiet[-start:], border, start / n)
            counted = np.where(scores > border, tail(scores), counted)
        return np.where(np.isfinite(scores), counted, np.nan)


def _normal_tail(
    uppermost: Numbers, border: float, share: float
) -> Callable[[Numbers], Numbers]:
    """The chance of a score beyond a border that a share of scores lies beyond.

    Squares above the border are as far from it on average as those of a normal law
    times its variance; that gives the variance.
    """
    at = float(-ndtri(share / 2))  # where a standard normal size is beyond with share
    usual = 1 + at * np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi) / (share / 2) - at**2
    variance = max(float(np.mean(uppermost**2 - border**2)) / usual, 1e-9)

    def tail(scores: Numbers) -> Numbers:
        beyond = np.maximum(scores, border) ** 2 - border**2
        found: Numbers = 2 * ndtr(-np.sqrt(at**2 + beyond / variance))
        return found

    return tail


def background(
    tests: tuple[tuple[Difference, ...], ...], settings: ChangeSettings
) -> Background:
    """The laws of the score from placebo tests of many places.

    Raises:
        ValueError: if there are too few placebo scores to say anything.
    """
    quiet, changed = [], []
    draw = np.random.Generator(np.random.Philox(_SEED))
    for test in tests:
        quiet.append(scored(test, settings))
        changed.append(scored(_changed(test, settings, draw), settings))
    still = _known(quiet)
    moved = _known(changed)
    if len(still) < 2 * _LEAST_TAIL:
        msg = (
            f"{len(still)} placebo scores are too few for a background: give more "
            "pictures before the date, or more places"
        )
        raise ValueError(msg)
    knots, ratios = _ratio(still, moved)
    return Background(still, knots, ratios)


def _known(parts: list[Numbers]) -> Numbers:
    whole = np.concatenate(parts) if parts else np.empty(0)
    found: Numbers = np.sort(whole[np.isfinite(whole)])
    return found


def _changed(
    test: tuple[Difference, ...],
    settings: ChangeSettings,
    draw: np.random.Generator,
) -> tuple[Difference, ...]:
    """A placebo test as if every place had been damaged: brighter or darker."""
    places = test[0].step_db.shape
    sign = np.where(draw.random(places) < 0.5, -1.0, 1.0)
    size = sign * draw.normal(settings.effect_db, settings.effect_sd_db, places)
    return tuple(
        one.moved(size + draw.normal(0, settings.band_sd_db, places)) for one in test
    )


def _ratio(still: Numbers, moved: Numbers) -> tuple[Numbers, Numbers]:
    """Ratio of the densities by classes of score, made to rise with it."""
    shares = [one for one in (*_ABOVE, *_FINER) if one * len(still) >= _LEAST_TAIL]
    edges = np.unique(np.quantile(still, 1 - np.array(shares)))
    at_still = np.searchsorted(edges, still, side="right")
    at_moved = np.searchsorted(edges, moved, side="right")
    classes = len(edges) + 1
    n_still = np.bincount(at_still, minlength=classes)
    n_moved = np.bincount(at_moved, minlength=classes)
    log10 = np.log10((n_moved + 0.5) / (len(moved) + 1))
    log10 -= np.log10((n_still + 0.5) / (len(still) + 1))
    rising = isotonic_regression(log10, weights=(n_still + n_moved + 1.0)).x
    both = np.sort(np.concatenate((still, moved)))
    bounds = np.searchsorted(both, edges)
    groups = np.split(both, bounds)
    middles = [
        float(np.median(one)) if len(one) else float(edges[max(0, i - 1)])
        for i, one in enumerate(groups)
    ]
    return np.array(middles), np.asarray(rising, np.float64)
