"""The words for how probable something is; one scale, one row of it, always.

Source: Intelligence Community Directive 203 (2015), D.6.e.(2)(a), upper row. The
directive stops at 1 % and 99 %; beyond them the outermost words are kept, because a
stronger word than "almost certain" would claim what no evidence can give.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Band:
    """One word and the probabilities it stands for, ``p_low <= p < p_high``."""

    code: str
    p_low: float
    p_high: float


_EDGES = (0.0, 0.05, 0.20, 0.45, 0.55, 0.80, 0.95, 1.0)
_CODES = (
    "almost_no_chance",
    "very_unlikely",
    "unlikely",
    "roughly_even",
    "likely",
    "very_likely",
    "almost_certain",
)
BANDS = tuple(
    Band(code, low, high)
    for code, (low, high) in zip(_CODES, pairwise(_EDGES), strict=True)
)


def word(p: float) -> str:
    """The catalogue code of the word for a probability.

    A probability on a boundary takes the word above it; 1 takes the highest.

    Raises:
        ValueError: if ``p`` is not a probability.
    """
    if not 0 <= p <= 1:
        msg = f"a probability lies in 0 to 1: {p}"
        raise ValueError(msg)
    return next((band.code for band in BANDS if p < band.p_high), BANDS[-1].code)


def words(p_low: float, p_high: float) -> tuple[str, ...]:
    """The words of both ends of an interval: one where they agree, else two.

    Raises:
        ValueError: if the ends are no probabilities or the interval is reversed.
    """
    if p_low > p_high:
        msg = f"an interval ends after it begins: {p_low} to {p_high}"
        raise ValueError(msg)
    return tuple(dict.fromkeys((word(p_low), word(p_high))))
