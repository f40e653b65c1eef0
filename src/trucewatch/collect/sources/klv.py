"""MISB ST 0601 metadata of drone video: bare packets or MPEG-TS, no picture needed.

One row per packet; its look is the ground in the frame: the told corners, else the
camera's rays met with the ellipsoid, or with terrain packed beside the stream. Packets
with a wrong checksum are rejected, and so are those whose angles and told frame centre
contradict each other. Read by stanag4609; only time, attitude, angles, heights and
corners are used, never targets, weapons, lasers or who flies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

import shapely

from trucewatch.agreement.geometry import Polygon
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.footage import (
    MAX_HEIGHT_M,
    filming,
    looked,
    picture,
    raised_m,
)
from trucewatch.collect.frames import Camera, centre_deg, footprint, turn
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import Options, options
from trucewatch.collect.shapes import WGS84, one_polygon
from trucewatch.collect.source import Batch
from trucewatch.collect.terrain import Terrain, parted
from trucewatch.collect.tracking import library
from trucewatch.errors import SourceError

OPTIONS = filming("video", centre_m="500", checksum="required")

KEY = bytes.fromhex("060e2b34020b01010e01030101000000")
_TS_PACKET, _TS_SYNC = 188, 0x47
MAX_PACKET_BYTES = 65_536
_CHUNK_BYTES = 1_000 * _TS_PACKET
# Tags read. Source: MISB ST 0601.19, table 1.
_TIME, _LAT, _LON = 2, 13, 14
_PLATFORM, _SENSOR, _OPENINGS = (5, 6, 7), (18, 19, 20), (16, 17)
_SEA, _ELLIPSOID = (15, 25), (75, 78)  # heights of sensor and of frame centre
_CENTRE = (23, 24)
_CORNERS = ((82, 83), (84, 85), (86, 87), (88, 89))
_OFFSETS = ((26, 27), (28, 29), (30, 31), (32, 33))


@dataclass(frozen=True, slots=True)
class _Told:
    """The numbers of a packet, by tag."""

    time: datetime
    numbers: Mapping[int, float]

    def all(self, tags: tuple[int, ...]) -> list[float] | None:
        """The numbers of these tags, ``None`` unless all were told."""
        found = [self.numbers[one] for one in tags if one in self.numbers]
        return found if len(found) == len(tags) else None


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One acquisition per packet that tells what ground its frame showed.

    Raises:
        SourceError: if it holds no ST 0601 packet, an option is wrong, or stanag4609
            is not installed.
    """
    chosen = options(delivery, OPTIONS)
    looked(chosen)
    if chosen.text("checksum") not in ("required", "ignored"):
        raise chosen.refused(name="checksum", instead="required or ignored")
    required = chosen.text("checksum") == "required"
    kept = Account(delivery)
    data, terrain = parted(raw, raised_m(chosen))
    number = 0
    for number, packet in enumerate(packets(data), start=1):
        where = f"packet {number}"
        try:
            told = _decoded(packet, required)
            ground = _ground(told, chosen, terrain)
            kept.made.append(picture(ground, told.time, where, delivery, chosen))
        except (ValueError, OverflowError) as error:
            kept.reject(where, str(error))
    if not number:
        msg = f"delivery of {chosen.source} holds no MISB ST 0601 packet"
        raise SourceError(msg)
    return kept.batch()


def packets(data: bytes) -> Iterator[bytes]:
    """Every ST 0601 packet of a stream, bare or in MPEG-TS, in its order.

    Raises:
        SourceError: if stanag4609 is not installed.
    """
    if data[:1] == bytes([_TS_SYNC]) and data[_TS_PACKET : _TS_PACKET + 1] in (
        b"",
        bytes([_TS_SYNC]),
    ):
        for payload in _demultiplexed(data):
            yield from _cut(payload)
    else:
        yield from _cut(data)


def _cut(data: bytes) -> Iterator[bytes]:
    """Packets from their key to the end their length says, or to the end of data."""
    at = data.find(KEY)
    while at >= 0:
        size, head = _length(data[at + len(KEY) : at + len(KEY) + 5])
        end = at + len(KEY) + head + size
        whole = 0 <= size <= MAX_PACKET_BYTES and end <= len(data)
        following = data.find(KEY, end if whole else at + len(KEY))
        stop = end if whole else (following if following >= 0 else len(data))
        yield data[at : min(stop, at + MAX_PACKET_BYTES)]
        at = following


def _length(head: bytes) -> tuple[int, int]:
    """A length in BER, and how many bytes it takes; -1 where there is none."""
    if not head:
        return -1, 0
    if head[0] < 128:
        return head[0], 1
    count = head[0] & 0x7F
    if not 0 < count < len(head):
        return -1, 0
    return int.from_bytes(head[1 : 1 + count], "big"), 1 + count


def _demultiplexed(data: bytes) -> Iterator[bytes]:
    """Payloads of the metadata streams of an MPEG-TS.

    Raises:
        SourceError: if stanag4609 is not installed, or the stream cannot be followed.
    """
    transport = library("stanag4609.transport", "drones")
    errors = library("stanag4609.errors", "drones")
    demuxer = transport.TransportDemuxer(
        recover_transport=True, max_pes_length=MAX_PACKET_BYTES
    )
    wanted = (transport.StreamKind.KLV, transport.StreamKind.DATA)
    chunks = [data[at : at + _CHUNK_BYTES] for at in range(0, len(data), _CHUNK_BYTES)]
    events = chain.from_iterable(map(demuxer.feed, chunks))
    ending = chain.from_iterable(finish() for finish in (demuxer.finish,))
    try:
        for event in chain(events, ending):
            if isinstance(event, transport.PESStreamEvent) and event.kind in wanted:
                yield bytes(event.pes.payload)
    except (errors.Stanag4609Error, ValueError, LookupError) as error:
        msg = f"the MPEG-TS cannot be followed: {error}"
        raise SourceError(msg) from error


def _decoded(packet: bytes, required: bool) -> _Told:
    """The numbers of a packet.

    Raises:
        ValueError: if it is damaged, its checksum is wrong, or it tells no time.
        SourceError: if stanag4609 is not installed.
    """
    st0601 = library("stanag4609.st0601", "drones")
    errors = library("stanag4609.errors", "drones")
    try:
        found = st0601.decode_uas_local_set(
            packet,
            verify_checksum=required,
            require_version=False,
            field_decoding=st0601.FieldDecodingMode.PRESERVE,
        )
    except (errors.Stanag4609Error, ValueError, LookupError, TypeError) as error:
        msg = f"it is no readable ST 0601 packet: {error}"
        raise ValueError(msg) from error
    values = {one.definition.tag: one.value for one in found.fields if one.definition}
    time = values.get(_TIME)
    if not isinstance(time, datetime):
        msg = "it tells no time"
        raise ValueError(msg)
    time = time if time.tzinfo else time.replace(tzinfo=UTC)
    numbers = {
        tag: float(value)
        for tag, value in values.items()
        if isinstance(value, int | float) and abs(value) < 1e9
    }
    return _Told(time, numbers)


def _ground(told: _Told, chosen: Options, terrain: Terrain | None) -> Polygon:
    """The ground in the frame: as told, else as the camera's rays meet it.

    Where terrain is given it is asked first, as told corners assume some ground too.

    Raises:
        ValueError: if too little was told, or what was told contradicts itself.
    """
    corners = _corners(told)
    if corners is not None and not (terrain and _turned(told)):
        return corners
    range_m, camera = chosen.number("range_m"), _camera(told)
    centre = told.all(_CENTRE)
    if centre is not None and terrain is None:
        _agrees(camera, (centre[0], centre[1]), range_m, chosen.number("centre_m"))
    return footprint(camera, range_m, terrain)


def _corners(told: _Told) -> Polygon | None:
    full = [told.all(pair) for pair in _CORNERS]
    if all(full):
        ring = [(pair[1], pair[0]) for pair in full if pair]
        return one_polygon(shapely.Polygon(ring))
    centre = told.all(_CENTRE)
    offsets = [told.all(pair) for pair in _OFFSETS]
    if centre is None or not all(offsets):
        return None
    ring = [(centre[1] + pair[1], centre[0] + pair[0]) for pair in offsets if pair]
    return one_polygon(shapely.Polygon(ring))


def _turned(told: _Told) -> bool:
    """Whether a packet tells all that rays need."""
    heights = told.all(_ELLIPSOID) or told.all(_SEA)
    return bool(heights) and all(
        told.all(tags) for tags in ((_LAT, _LON), _PLATFORM, _SENSOR, _OPENINGS)
    )


def _camera(told: _Told) -> Camera:
    place = told.all((_LAT, _LON))
    platform, sensor = told.all(_PLATFORM), told.all(_SENSOR)
    openings = told.all(_OPENINGS)
    heights = told.all(_ELLIPSOID) or told.all(_SEA)
    if not (place and platform and sensor and openings and heights):
        msg = "it tells neither corners nor all of place, attitude, angles and heights"
        raise ValueError(msg)
    if not max(abs(one) for one in heights) < MAX_HEIGHT_M:
        msg = f"heights of {heights} m are no drone's"
        raise ValueError(msg)
    turned = turn(*platform) @ turn(*sensor)
    return Camera(
        lat_deg=place[0],
        lon_deg=place[1],
        height_m=heights[0],
        ground_m=heights[1],
        turned=turned,
        across_deg=openings[0],
        along_deg=openings[1],
    )


def _agrees(
    camera: Camera, told_deg: tuple[float, float], range_m: float, centre_m: float
) -> None:
    """Return when the camera points where the packet says its frame's centre is.

    Raises:
        ValueError: if it does not.
    """
    found = centre_deg(camera, range_m * 10)
    if found is None:
        return  # the middle of the frame is sky, or far away; the edges decide
    _, _, apart_m = WGS84.inv(found[1], found[0], told_deg[1], told_deg[0])
    if apart_m > centre_m:
        msg = f"its frame centre as told lies {apart_m:.0f} m from where it points"
        raise ValueError(msg)
