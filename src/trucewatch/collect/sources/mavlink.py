"""Flight logs of MAVLink drones: telemetry streams (tlog, raw) and dataflash (BIN).

One row per report of the satellite receiver. Where the drone was launched and landed is
left out, and so is everything about home, missions, targets and who steers it.
Telemetry is checked by pymavlink's checksums; dataflash has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import nan

from trucewatch.collect.dataflash import MAGIC, Logged, messages
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.flightlog import Fix, track
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import options
from trucewatch.collect.source import Batch
from trucewatch.collect.telemetry import Sent, sane, sent
from trucewatch.collect.tracking import batch_of, moving
from trucewatch.collect.unpack import plain
from trucewatch.errors import SourceError

OPTIONS = moving("mavlink", hide_m="500", clock_s="1")

_GPS_EPOCH_S = 315_964_800  # 1980-01-06
_WEEK_S = 604_800
# GPS time runs ahead of UTC by the leap seconds since 1980.
# Source: IERS Bulletin C; from these instants on, seconds since 1970.
_LEAPS = ((1_483_228_800, 18), (1_435_708_800, 17), (1_341_100_800, 16), (0, 15))
_RAW = "GPS_RAW_INT"
_INTEGRITY, _EKF, _ESTIMATOR = "GNSS_INTEGRITY", "EKF_STATUS_REPORT", "ESTIMATOR_STATUS"
_WANTED = frozenset({_RAW, "SYSTEM_TIME", _INTEGRITY, _EKF, _ESTIMATOR})
# States of interference from which the receiver has noticed some: 2 mitigated, 3 found;
# and flags of filters that see the receiver's place jump.
# Source: mavlink.io, GPS_JAMMING_STATE, GPS_SPOOFING_STATE, EKF_STATUS_FLAGS,
# ESTIMATOR_STATUS_FLAGS.
_FOUND = 2
_GLITCH = {_EKF: 32_768, _ESTIMATOR: 1_024}
_NO_SPEED, _NO_DOP = 65_535, 65_535


def read(raw: bytes, delivery: Delivery) -> Batch:
    """The receiver's reports as one table; damaged stretches are rejected.

    Raises:
        SourceError: if no message in it is whole, an option is wrong, or pymavlink is
            not installed.
    """
    chosen = options(delivery, OPTIONS)
    data = plain(raw)
    kept = Account(delivery)
    if data.startswith(MAGIC):
        fixes = list(_dataflash(data, kept))
        vehicle = f"log {delivery.sha256[:16]}"
    else:
        fixes, vehicle = _telemetry(data, kept)
    points = track(fixes, vehicle, chosen, kept)
    return batch_of(points, kept, delivery, chosen)


def _telemetry(data: bytes, kept: Account) -> tuple[list[Fix], str]:
    """The reports of the vehicle that sent most of them.

    Raises:
        SourceError: if no message has a right checksum.
    """
    found, lost = [], []
    systems: dict[int, int] = {}
    states: dict[tuple[int, str], _State] = {}
    offset_s = nan
    whole = 0
    for one in sent(data, _WANTED):
        if not one.name:
            lost.append(one)
            continue
        whole += 1
        if one.name == "SYSTEM_TIME":
            offset_s = _offset_s(one, offset_s)
        elif one.name == _RAW:
            found.append(_raw(one, offset_s, _noticed(states, one.system)))
            systems[one.system] = systems.get(one.system, 0) + 1
        elif one.values:
            states[one.system, one.name] = _state(one)
    if not whole:
        msg = "no MAVLink message in it has a right checksum, nor is it a dataflash log"
        raise SourceError(msg)
    for one in lost:
        kept.reject(f"byte {one.at}", f"{one.size} bytes are no MAVLink message")
    system = max(systems, key=lambda n: (systems[n], -n), default=0)
    return found, f"system {system}"


def _offset_s(one: Sent, otherwise: float) -> float:
    """Time since 1970 less time since boot, by the vehicle's own clock."""
    now = one.values["time_unix_usec"] / 1e6
    return now - one.values["time_boot_ms"] / 1e3 if sane(now) else otherwise


@dataclass(frozen=True, slots=True)
class _State:
    """What a vehicle last said of its receiver."""

    jamming: bool = False
    spoofing: bool = False
    doubted: bool = False


def _state(one: Sent) -> _State:
    if one.name == _INTEGRITY:
        jamming, spoofing = (
            _FOUND <= one.values[name] <= _FOUND + 1
            for name in ("jamming_state", "spoofing_state")
        )
        return _State(jamming=jamming, spoofing=spoofing)
    return _State(doubted=bool(int(one.values["flags"]) & _GLITCH[one.name]))


def _noticed(states: Mapping[tuple[int, str], _State], system: int) -> _State:
    """All that the last messages of a vehicle say together."""
    told = [states.get((system, name)) for name in (_INTEGRITY, _EKF, _ESTIMATOR)]
    known = [one for one in told if one is not None]
    return _State(
        jamming=any(one.jamming for one in known),
        spoofing=any(one.spoofing for one in known),
        doubted=any(one.doubted for one in known),
    )


def _raw(one: Sent, offset_s: float, state: _State) -> Fix:
    values = one.values
    own = values["time_usec"] / 1e6
    own = own if sane(own) else own + offset_s
    error = values.get("h_acc", 0.0) / 1000
    return Fix(
        row=one.number,
        lat_deg=values["lat"] / 1e7,
        lon_deg=values["lon"] / 1e7,
        kind=int(values["fix_type"]),
        time_s=one.time_s if sane(one.time_s) else own,
        error_m=error or nan,
        hdop_ratio=_told(values["eph"], _NO_DOP) / 100,
        height_m=values["alt"] / 1000,
        speed_mps=_told(values["vel"], _NO_SPEED) / 100,
        course_deg=_told(values["cog"], 65_535) / 100,
        jamming_told=state.jamming,
        spoofing_told=state.spoofing,
        doubted=state.doubted,
    )


def _told(value: float, missing: int) -> float:
    return nan if value == missing else value


def _dataflash(data: bytes, kept: Account) -> Iterator[Fix]:
    """The reports of a dataflash log, each with the accuracy told last.

    Raises:
        SourceError: if no message of the log is whole.
    """
    accuracy: Mapping[str, float] = {}
    whole = False
    lost: list[Logged] = []
    for one in messages(data, frozenset({"GPS", "GPA"})):
        whole = whole or bool(one.name)
        if not one.name:
            lost.append(one)
        elif one.name == "GPA":
            accuracy = one.values
        elif one.name == "GPS" and {"Lat", "Lng", "Status"} <= set(one.values):
            yield _logged(one, accuracy)
    if not whole:
        msg = "no message of the dataflash log is whole"
        raise SourceError(msg)
    for one in lost:
        kept.reject(f"byte {one.at}", f"{one.size} bytes are no message of the log")


def _logged(one: Logged, accuracy: Mapping[str, float]) -> Fix:
    values = one.values
    return Fix(
        row=one.number,
        lat_deg=values["Lat"],
        lon_deg=values["Lng"],
        kind=int(values["Status"]),
        time_s=_utc_s(values.get("GWk", 0.0), values.get("GMS", nan)),
        error_m=accuracy.get("HAcc", nan),
        hdop_ratio=values.get("HDop", nan),
        height_m=values.get("Alt", nan),
        speed_mps=abs(values.get("Spd", nan)),
        course_deg=values.get("GCrs", nan) % 360,
    )


def _utc_s(week: float, milliseconds: float) -> float:
    """Seconds since 1970 UTC of a GPS week and time of week."""
    gps = _GPS_EPOCH_S + week * _WEEK_S + milliseconds / 1000
    return next((gps - leap for since, leap in _LEAPS if gps - leap >= since), gps)
