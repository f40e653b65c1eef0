"""Coordinates as sources write them, checked before they become a place."""

from __future__ import annotations

from dataclasses import dataclass

from trucewatch.collect.cells import number, shown
from trucewatch.place import Area, Place, Whereabouts


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box in which a delivery's places must lie; it may cross the antimeridian."""

    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float

    @classmethod
    def parsed(cls, text: str) -> Bounds:
        """The box written ``west,south,east,north``.

        Raises:
            ValueError: if it is not four numbers that make a box.
        """
        west, south, east, north = (number(part) for part in text.split(","))
        inside = all(-180 <= lon <= 180 for lon in (west, east))
        if not (inside and -90 <= south < north <= 90 and west != east):
            msg = f"{text!r} is no box"
            raise ValueError(msg)
        return cls(west, south, east, north)

    def hold(self, lat_deg: float, lon_deg: float) -> bool:
        """Whether a point lies in the box or on its edge."""
        if self.west_deg < self.east_deg:
            across = self.west_deg <= lon_deg <= self.east_deg
        else:
            across = lon_deg >= self.west_deg or lon_deg <= self.east_deg
        return across and self.south_deg <= lat_deg <= self.north_deg


def point(lat: str, lon: str, bounds: Bounds | None) -> tuple[float, float]:
    """Latitude and longitude in degrees, both present, finite, in range and bounds.

    Raises:
        ValueError: if they are not; the message says so when they look swapped.
    """
    lat_deg, lon_deg = number(lat), number(lon)
    if lat_deg == 0 and lon_deg == 0:
        msg = "latitude and longitude are both 0, which stands for a missing place"
        raise ValueError(msg)
    if not (-90 <= lat_deg <= 90 and -180 <= lon_deg <= 180):
        swapped = -90 <= lon_deg <= 90 and -180 <= lat_deg <= 180
        hint = "; latitude and longitude are probably swapped" if swapped else ""
        msg = f"coordinates out of range: {shown(lat)}, {shown(lon)}{hint}"
        raise ValueError(msg)
    if bounds is not None and not bounds.hold(lat_deg, lon_deg):
        swapped = bounds.hold(lon_deg, lat_deg)
        hint = "; latitude and longitude are probably swapped" if swapped else ""
        msg = f"{shown(lat)}, {shown(lon)} lies outside the bounds{hint}"
        raise ValueError(msg)
    return lat_deg, lon_deg


def circle(lat_deg: float, lon_deg: float, radius90_m: float) -> Place:
    """A place known to a circle holding it with 90 % probability.

    Raises:
        ValueError: if the circle has no size or is larger than the Earth.
    """
    if not 0 < radius90_m < 20_000_000:
        msg = f"a radius of {radius90_m} m is no uncertainty a place can have"
        raise ValueError(msg)
    return Place.circle(lat_deg, lon_deg, radius90_m)


def area(*names: tuple[str, str]) -> Whereabouts:
    """The smallest named area of ``(name, level)`` pairs, smallest first.

    Raises:
        ValueError: if none has a name.
    """
    for name, level in names:
        if name.strip():
            return Area(name=name.strip(), level=level)
    msg = "no area is named"
    raise ValueError(msg)
