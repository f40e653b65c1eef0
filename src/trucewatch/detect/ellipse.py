"""A place's ellipse as a covariance, and back."""

from __future__ import annotations

from math import atan2, cos, degrees, hypot, pi, radians, sin, sqrt

from trucewatch.place import SIGMAS_90, Place

EARTH_M = 6_371_008.8  # mean radius, IUGG

# East-east, east-north and north-north, in square metres.
Covariance = tuple[float, float, float]


def covariance_of(place: Place) -> Covariance:
    """The covariance of the normal law whose 90 % ellipse the place carries."""
    major2 = (place.semi_major_m / SIGMAS_90) ** 2
    minor2 = (place.semi_minor_m / SIGMAS_90) ** 2
    azimuth = radians(place.azimuth_deg)
    east, north = sin(azimuth), cos(azimuth)
    return (
        major2 * east**2 + minor2 * north**2,
        (major2 - minor2) * east * north,
        major2 * north**2 + minor2 * east**2,
    )


def place_of(lat_deg: float, lon_deg: float, covariance: Covariance) -> Place:
    """The place with the 90 % ellipse of a normal law; any longitude is wrapped."""
    east2, both, north2 = covariance
    mean, half = (east2 + north2) / 2, hypot((north2 - east2) / 2, both)
    azimuth = degrees(atan2(2 * both, north2 - east2) / 2) % 180
    return Place(
        lat_deg=lat_deg,
        lon_deg=(lon_deg + 180) % 360 - 180,
        semi_major_m=SIGMAS_90 * sqrt(mean + half),
        semi_minor_m=SIGMAS_90 * sqrt(max(mean - half, mean * 1e-9)),
        azimuth_deg=round(azimuth, 7) % 180,
    )


def offset_m(origin: Place, other: Place) -> tuple[float, float]:
    """Metres east and north from one place to another, flat; good to 100 km."""
    east_deg = (other.lon_deg - origin.lon_deg + 180) % 360 - 180
    metres = EARTH_M * pi / 180
    flat = cos(radians((origin.lat_deg + other.lat_deg) / 2))
    return east_deg * metres * flat, (other.lat_deg - origin.lat_deg) * metres


def moved(origin: Place, east_m: float, north_m: float) -> tuple[float, float]:
    """Latitude and longitude (degrees, unwrapped) at an offset; undoes ``offset_m``."""
    metres = EARTH_M * pi / 180
    lat_deg = max(-90.0, min(90.0, origin.lat_deg + north_m / metres))
    flat = max(1e-9, cos(radians((origin.lat_deg + lat_deg) / 2)))
    return lat_deg, origin.lon_deg + east_m / (metres * flat)
