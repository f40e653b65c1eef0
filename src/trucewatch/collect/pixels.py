"""Fire pixels as columns: the one table form of thermal anomalies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from trucewatch.collect.columnar import Columnar

SCHEMA = "fire_pixels"
# The same columns, of years that teach what burns without war; never judged.
HISTORY = "fire_history"

Numbers = NDArray[np.float64]  # shape (n_pixels,)
Integers = NDArray[np.int64]  # shape (n_pixels,)
Labels = NDArray[np.str_]  # shape (n_pixels,)

# Decimals kept, as records keep them: finer than any source, coarser than a last bit.
_DECIMALS = {"lat_deg": 7, "lon_deg": 7, "radius90_m": 3, "frp_mw": 3}


@dataclass(frozen=True, slots=True)
class FirePixels(Columnar):
    """Pixels that burned, one array per column, all of shape ``(n_pixels,)``.

    A pixel says nothing of the pixels beside it: where the satellite looked and saw
    nothing is not in the list.

    Attributes:
        lat_deg: of the pixel's centre, north positive.
        lon_deg: of the pixel's centre, east positive.
        radius90_m: radius holding the fire with 90 % probability.
        begin_ns: nanoseconds since 1970-01-01 UTC; the look began then or later.
        end_ns: the look ended before; a whole day where only the date is known.
        frp_mw: fire radiative power, NaN where unknown.
        satellite: as the source names it, empty where unknown.
        row: line of the delivery.
    """

    schemas: ClassVar = (SCHEMA, HISTORY)
    decimals: ClassVar = _DECIMALS

    lat_deg: Numbers
    lon_deg: Numbers
    radius90_m: Numbers
    begin_ns: Integers
    end_ns: Integers
    frp_mw: Numbers
    satellite: Labels
    row: Integers

    def only(self, chosen: NDArray[np.bool_]) -> FirePixels:
        """The chosen pixels, in the same order."""
        return FirePixels(**{
            name: getattr(self, name)[chosen] for name in self.__slots__
        })
