"""Two groups of a METAR report: the wind at 10 m, and the air temperature.

Source: WMO-No. 306, FM 15 METAR, regulations 15.5 (wind) and 15.11 (temperature).
Trends, forecasts and remarks behind them are not of the moment and are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import cos, radians, sin

_TAIL = re.compile(r"\s(?:TEMPO|BECMG|NOSIG|RMK)\b.*", re.DOTALL)
_WIND = re.compile(r"(?<!\S)(VRB|\d{3})P?(\d{2,3})(?:G\d{2,3})?(KT|MPS|KMH)(?!\S)")
_TEMP = re.compile(r"(?<!\S)(M?\d{2})/(?:M?\d{2}|//|XX)?(?!\S)")
_STATION = re.compile(r"^(?:(?:METAR|SPECI)\s+)?(?:COR\s+)?([A-Z][A-Z0-9]{3})\s")
_UNIT_MPS = {"KT": 1852.0 / 3600.0, "MPS": 1.0, "KMH": 1.0 / 3.6}
_FASTEST_MPS = 120.0
_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Metar:
    """What a report says of the air.

    Attributes:
        station: its ICAO code, or nothing.
        temp_c: whole degrees, as reports give it.
        wind_u_mps: towards east.
        wind_v_mps: towards north.
        variable_mps: error of each component where the direction was variable, else 0.
    """

    station: str
    temp_c: int
    wind_u_mps: float
    wind_v_mps: float
    variable_mps: float


def metar_of(text: str) -> Metar:
    """What a report says.

    Raises:
        ValueError: if it lacks the wind or the temperature, or is no report.
    """
    report = _TAIL.sub("", text.strip().rstrip("="))
    station = _STATION.match(report)
    wind, temp = _WIND.search(report), _TEMP.search(report)
    if wind is None or temp is None:
        lack = "wind such as 27004MPS" if wind is None else "temperature such as 07/M01"
        msg = f"METAR {report[:_SHOWN_CHARS]!r} reports no {lack}"
        raise ValueError(msg)
    u, v, variable = _wind(wind)
    warm = temp[1]
    return Metar(
        station=station[1] if station else "",
        temp_c=-int(warm[1:]) if warm.startswith("M") else int(warm),
        wind_u_mps=u,
        wind_v_mps=v,
        variable_mps=variable,
    )


def _wind(found: re.Match[str]) -> tuple[float, float, float]:
    """Components towards east and north, to a millimetre per second, and their error.

    Raises:
        ValueError: if the wind cannot be.
    """
    speed = float(found[2]) * _UNIT_MPS[found[3]]
    if speed > _FASTEST_MPS or (found[1] != "VRB" and int(found[1]) > 360):
        msg = f"wind {found[0]!r} cannot be"
        raise ValueError(msg)
    if found[1] == "VRB":
        return 0.0, 0.0, speed / 2.0**0.5
    comes_from = radians(float(found[1]))
    u, v = -speed * sin(comes_from), -speed * cos(comes_from)
    return round(u, 3) + 0.0, round(v, 3) + 0.0, 0.0
