"""What is kept of pictures that were looked at: count, mean and scatter of each pixel.

A later picture is folded in without reading an earlier one again, and two states are
put together exactly, so that yesterday's "after" becomes part of tomorrow's "before".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trucewatch.detect.change.settings import ChangeSettings

Pixels = NDArray[np.float32]  # shape (rows, columns)
Numbers = NDArray[np.float64]  # any shape


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, mean and sum of squared deviations of decibels, per pixel.

    Attributes:
        state: shape ``(3, rows, columns)``; mean in dB, squares in dB squared.
    """

    state: NDArray[np.float32]

    @classmethod
    def none(cls, rows: int, columns: int) -> Moments:
        """The moments of no picture."""
        return cls(np.zeros((3, rows, columns), np.float32))

    @property
    def count(self) -> Numbers:
        """Pictures with data at each pixel."""
        found: Numbers = self.state[0].astype(np.float64)
        return found

    @property
    def mean(self) -> Numbers:
        """Their mean, dB; 0 where there is none."""
        found: Numbers = self.state[1].astype(np.float64)
        return found

    @property
    def variance(self) -> Numbers:
        """Their variance with n - 1 below, dB squared; 0 where n is below 2."""
        spread = self.state[2] / np.maximum(self.state[0] - 1, 1)
        found: Numbers = np.maximum(spread, 0).astype(np.float64)
        return found

    def folded(
        self, power: Pixels, level_db: float, settings: ChangeSettings
    ) -> Moments:
        """With one picture more; this one stays as it was.

        Args:
            power: linear backscatter with a margin of ``settings.margin`` pixels.
            level_db: level of the whole picture, taken from each of its pixels.
            settings: filter and number of looks.

        Raises:
            ValueError: if the shapes do not fit.
        """
        from trucewatch.detect.change.speckle import fold

        state = self.state.copy()
        fold(power, settings.margin, settings.looks_ratio, level_db, state)
        return Moments(state)

    def together(self, other: Moments) -> Moments:
        """The moments of the pictures of both.

        Source: T. F. Chan, G. H. Golub, R. J. LeVeque, COMPSTAT 1982, equation 2.1.
        """
        n_a, n_b = self.state[0], other.state[0]
        n = np.maximum(n_a + n_b, 1)
        off = other.state[1] - self.state[1]
        mean = self.state[1] + off * n_b / n
        squares = self.state[2] + other.state[2] + off * off * n_a * n_b / n
        return Moments(np.stack((n_a + n_b, mean, squares)).astype(np.float32))
