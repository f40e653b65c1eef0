"""Remote ID of drones: Wi-Fi captures (pcapng, pcap), or bare messages of 25 bytes.

ASTM F3411 in beacons and in Wi-Fi Aware, and DJI's own beacons; one row per frame that
carries Remote ID, or per bare message. Places of operators, pilots and homes are never
read, nor a drone's place on the ground. Bare messages carry no day: options ``begin``
and ``end`` must say when they were recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import isnan

import numpy as np

from trucewatch.collect.capture import Frame, Management, frames, is_capture, management
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.remoteid import (
    ASTM_BEACON,
    ASTM_SERVICE,
    DJI_BEACON,
    MESSAGE_BYTES,
    Said,
    astm_frame,
    astm_messages,
    dji_record,
)
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import Options, options
from trucewatch.collect.source import Batch
from trucewatch.collect.tracking import (
    SECOND_NS,
    batch_of,
    in_our_time,
    moving,
    named,
    recorded_ns,
    without_starts,
)
from trucewatch.collect.tracks import Mark, TrackPoints, hashed
from trucewatch.collect.unpack import plain
from trucewatch.errors import SourceError
from trucewatch.place import SIGMAS_90, SIGMAS_95

OPTIONS = moving("remote_id", radius_m="30", clock_s="1", hide_m="100")

# A link's clock may lag the capture's by this much before it counts as a jump.
_JUMP_US = 1_000_000
_DAY_S = 86_400
_TO_90 = SIGMAS_90 / SIGMAS_95
_INSTANCE_BYTES = 3  # of a service: instance, requestor, control; then its length


@dataclass(frozen=True, slots=True)
class _Heard:
    """One row: who sent it, when, and what it says."""

    row: int
    period_ns: tuple[int, int]
    said: Said
    sender: str = ""
    sequence: int = -1
    clock_us: int | None = None


def read(raw: bytes, delivery: Delivery) -> Batch:
    """Everything that is Remote ID as one table of track points, or rejected.

    Raises:
        SourceError: if it is neither a capture nor bare messages, or an option is
            wrong.
    """
    chosen = options(delivery, OPTIONS)
    data = plain(raw)
    kept = Account(delivery)
    if is_capture(data):
        heard = list(_captured(data, chosen, kept))
    else:
        heard = list(_bare(data, chosen, kept))
    points = without_starts(_points(heard, chosen), chosen.number("hide_m"), ends=False)
    return batch_of(points, kept, delivery, chosen)


def _captured(data: bytes, chosen: Options, kept: Account) -> Iterator[_Heard]:
    width_ns = int(chosen.number("clock_s") * SECOND_NS)
    for frame in frames(data):
        found = management(frame)
        if found is None:
            continue
        for read_one, content in _remote_id(found):
            where = f"frame {frame.number}"
            try:
                said = read_one(content)
            except ValueError as error:
                kept.reject(where, str(error))
                break
            if not in_our_time(np.array([frame.time_ns / 1e9])).all():
                kept.reject(where, "its time is not in this century")
                break
            period = (frame.time_ns, frame.time_ns + width_ns)
            yield _of(frame, period, said, found)
            break


def _of(
    frame: Frame, period_ns: tuple[int, int], said: Said, sent: Management
) -> _Heard:
    return _Heard(
        row=frame.number,
        period_ns=period_ns,
        said=said,
        sender=sent.sender,
        sequence=sent.sequence,
        clock_us=sent.clock_us,
    )


def _remote_id(sent: Management) -> Iterator[tuple[Callable[[bytes], Said], bytes]]:
    """What of a frame is Remote ID, and how to read it."""
    for element in sent.vendor:
        if element.startswith(ASTM_BEACON):
            yield astm_frame, element[len(ASTM_BEACON) :]
        elif element.startswith(DJI_BEACON):
            yield dji_record, element[len(DJI_BEACON) :]
    for service in sent.services:
        if service.startswith(ASTM_SERVICE):
            yield astm_frame, service[len(ASTM_SERVICE) + _INSTANCE_BYTES + 1 :]


def _bare(data: bytes, chosen: Options, kept: Account) -> Iterator[_Heard]:
    if not data or len(data) % MESSAGE_BYTES:
        msg = (
            f"delivery of {chosen.source} is neither a pcapng or pcap capture nor "
            f"messages of {MESSAGE_BYTES} bytes: it has {len(data)}"
        )
        raise SourceError(msg)
    recorded = recorded_ns(chosen)
    if recorded is None:
        msg = "bare Remote ID messages carry no day: give options begin and end"
        raise SourceError(msg)
    for at in range(0, len(data), MESSAGE_BYTES):
        row = at // MESSAGE_BYTES + 1
        try:
            said = astm_messages(data[at : at + MESSAGE_BYTES])
        except ValueError as error:
            kept.reject(f"message {row}", str(error))
        else:
            yield _Heard(row, recorded, said)


def _points(heard: list[_Heard], chosen: Options) -> TrackPoints:
    said = _identified(heard)
    loose = chosen.number("radius_m")
    radius = [
        loose if isnan(one.accuracy95_m) else one.accuracy95_m * _TO_90 for one in said
    ]
    numbers = {
        name: np.array([getattr(one, name) for one in said], dtype=np.float64)
        for name in ("lat_deg", "lon_deg", "height_m", "speed_mps", "course_deg")
    }
    begin, end = (
        np.array([one.period_ns[i] for one in heard], dtype=np.int64) for i in (0, 1)
    )
    return TrackPoints.of(
        (begin, end),
        np.array([one.row for one in heard], dtype=np.int64),
        named(np.array([one.serial for one in said], dtype=np.str_), chosen),
        radius90_m=np.array(radius, dtype=np.float64),
        transmitter=hashed(np.array([one.sender for one in heard], dtype=np.str_), "w"),
        counter=np.array([one.counter for one in said], dtype=np.int64),
        link_count=np.array([one.sequence for one in heard], dtype=np.int64),
        marks=np.array(_marks(heard), dtype=np.int64),
        **numbers,
    )


def _identified(heard: list[_Heard]) -> list[Said]:
    """Messages without a serial take the one their transmitter told, else its name."""
    serials: dict[str, str] = {}
    for one in heard:
        if one.said.serial:
            serials.setdefault(one.sender, one.said.serial)
    found = []
    for one in heard:
        if one.said.serial:
            serials[one.sender] = one.said.serial
        serial = serials.get(one.sender, f"radio {one.sender}")
        found.append(replace(one.said, serial=serial))
    return found


def _marks(heard: list[_Heard]) -> list[int]:
    """What each frame says beside its place: on the ground, and how its clock runs."""
    marks = []
    last: dict[str, _Heard] = {}
    for one in heard:
        mark = Mark.ON_GROUND if one.said.on_ground else Mark(0)
        if one.clock_us is not None:
            seconds = one.period_ns[0] / SECOND_NS
            if any(abs(one.clock_us / k - seconds) < _DAY_S for k in (1, 1e3, 1e6)):
                mark |= Mark.SIMULATED_TIME
            before = last.get(one.sender)
            if before is not None and _jumped(before, one):
                mark |= Mark.CLOCK_JUMPED
            last[one.sender] = one
        marks.append(int(mark))
    return marks


def _jumped(before: _Heard, after: _Heard) -> bool:
    if before.clock_us is None or after.clock_us is None:
        return False
    passed_us = (after.period_ns[0] - before.period_ns[0]) / 1000
    return abs(after.clock_us - before.clock_us - passed_us) > _JUMP_US
