"""Where something is, never without how well that is known."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

from trucewatch.record import Value

# A circular normal law holds the share q within sqrt(-2 ln(1 - q)) sigma.
SIGMAS_90 = sqrt(-2 * log(1 - 0.90))
SIGMAS_95 = sqrt(-2 * log(1 - 0.95))

# UCDP GED codebook 23.1, "where_prec", read as radii. A code of 3 or more may
# support an allegation, never a test against a line or a zone.
_WHERE_PREC_M = ((1, 1_000.0), (2, 25_000.0), (3, 60_000.0), (4, 150_000.0))
WHERE_PREC_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Place(Value):
    """A point on WGS 84 and the ellipse holding the truth with 90 % probability.

    Attributes:
        lat_deg: north positive.
        lon_deg: east positive, in [-180, 180).
        semi_major_m: semi-axes of the 90 % ellipse of a normal law.
        semi_minor_m: at most ``semi_major_m``.
        azimuth_deg: of the major axis, clockwise from north, in [0, 180).
    """

    lat_deg: float
    lon_deg: float
    semi_major_m: float
    semi_minor_m: float
    azimuth_deg: float = 0.0

    def check(self) -> None:
        """Check the ranges.

        Raises:
            ValueError: if a coordinate is out of range or the ellipse has no size.
        """
        if not (-90 <= self.lat_deg <= 90 and -180 <= self.lon_deg <= 180):
            msg = f"coordinates out of range: {self.lat_deg}, {self.lon_deg}"
            raise ValueError(msg)
        if not 0 < self.semi_minor_m <= self.semi_major_m:
            msg = "a place needs an ellipse with 0 < semi_minor_m <= semi_major_m"
            raise ValueError(msg)
        if not 0 <= self.azimuth_deg < 180:
            msg = f"azimuth_deg must lie in [0, 180): {self.azimuth_deg}"
            raise ValueError(msg)
        if self.lon_deg == 180:
            object.__setattr__(self, "lon_deg", -180.0)

    @classmethod
    def circle(cls, lat_deg: float, lon_deg: float, radius90_m: float) -> Place:
        """A place known equally well in every direction."""
        return cls(lat_deg, lon_deg, radius90_m, radius90_m)

    @property
    def sigma_m(self) -> float:
        """Standard deviation per axis of the circle with the same area."""
        return sqrt(self.semi_major_m * self.semi_minor_m) / SIGMAS_90


@dataclass(frozen=True, slots=True)
class Area(Value):
    """A named area (province, district, country); no more is known than its name.

    Attributes:
        name: as the source wrote it, in one spelling per mission.
        level: what kind of area it is: ``country``, ``province``, ``district``…
    """

    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Unlocated(Value):
    """Nothing is known of where; this is not a coordinate."""


Whereabouts = Place | Area | Unlocated


def where_prec(place: Whereabouts) -> int:
    """UCDP precision code, 1 (exact) to 7 (unknown), derived from the ellipse.

    Source: UCDP GED codebook 23.1, variable ``where_prec``.
    """
    match place:
        case Place():
            codes = (c for c, r in _WHERE_PREC_M if place.semi_major_m <= r)
            return next(codes, 6)
        case Area():
            return 4 if place.level in ("province", "district") else 6
        case Unlocated():
            return 7
