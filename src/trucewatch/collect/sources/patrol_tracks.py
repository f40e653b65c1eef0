"""Where a patrol went and when, as a GPX track or GeoJSON lines with times.

GeoJSON lines carry a time per point in ``coordTimes`` (or ``times``). What the patrol
could see and hear is claimed piece by piece, and never where points are missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from shapely import LineString

from trucewatch.collect.cells import shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.features import parsed
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.collect.places import point
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.shapes import around
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import plain
from trucewatch.errors import SourceError
from trucewatch.period import Period

OPTIONS = known(
    "A",
    "2",
    procedure="patrol",
    observer="patrol",
    sight_m="2000",
    clear_ratio="0.8",
    piece_s="600",
    gap_s="300",
    bounds="",
)
Told = tuple[str, str, str, str]  # where it stood, latitude, longitude, time
Fix = tuple[str, float, float, datetime]  # where it stood, latitude, longitude, time
_FASTEST_MPS = 70.0


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One acquisition per piece of track; every point without use rejected.

    Raises:
        SourceError: if the delivery is no track of either form, or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    share = chosen.number("clear_ratio")
    if share > 1:
        raise chosen.refused(name="clear_ratio", instead="a share above 0, at most 1")
    kept = Account(delivery)
    for track in _tracks(plain(raw), chosen):
        fixes: list[Fix] = []
        for told in track:
            try:
                fixes.append(_fix(told, fixes[-1] if fixes else None, chosen))
            except (ValueError, OverflowError) as error:
                kept.reject(told[0], str(error))
        for piece in _pieces(fixes, chosen):
            try:
                kept.made.append(_look(piece, chosen, share, delivery))
            except ValueError as error:
                kept.reject(_where(piece), str(error))
    return kept.batch()


def _tracks(data: bytes, chosen: Options) -> Iterator[Iterable[Told]]:
    """The points of every unbroken track.

    Raises:
        SourceError: if there is none of either form.
    """
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        yield from _of_gpx(data)
        return
    body = parsed(data, chosen)
    features = body.get("features", [body]) if isinstance(body, dict) else None
    if not isinstance(features, list):
        msg = f"delivery of {chosen.source} is neither GPX nor GeoJSON"
        raise SourceError(msg)
    for number, one in enumerate(features, start=1):
        yield _of_feature(number, one)


def _of_gpx(data: bytes) -> Iterator[list[Told]]:
    """The segments of GPX.

    Raises:
        SourceError: if it is no GPX, or has a document type of its own.
    """
    if b"<!" in data.replace(b"<!--", b"").replace(b"<![CDATA[", b"") or b"\0" in data:
        msg = "GPX must be UTF-8 without a document type of its own"
        raise SourceError(msg)
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        msg = f"this is not XML: {error}"
        raise SourceError(msg) from error
    if root.tag.rpartition("}")[2] != "gpx":
        msg = f"this XML is {shown(root.tag)}, not GPX"
        raise SourceError(msg)
    number = 0
    for segment in root.iter():
        if segment.tag.rpartition("}")[2] != "trkseg":
            continue
        track: list[Told] = []
        for one in segment:
            if one.tag.rpartition("}")[2] == "trkpt":
                number += 1
                track.append((f"point {number}", *_of_point(one)))
        yield track


def _of_point(one: ElementTree.Element) -> tuple[str, str, str]:
    time = next((p.text for p in one if p.tag.rpartition("}")[2] == "time"), "")
    return one.get("lat", ""), one.get("lon", ""), time or ""


def _of_feature(number: int, one: object) -> list[Told]:
    """The points of a line with times; one faulty point where it is no such line."""
    body = one if isinstance(one, dict) else {}
    shape, properties = body.get("geometry"), body.get("properties")
    lines = shape.get("coordinates") if isinstance(shape, dict) else None
    told = properties if isinstance(properties, Mapping) else {}
    times = told.get("coordTimes", told.get("times"))
    if not isinstance(lines, list) or not isinstance(times, list):
        return [(f"feature {number}", "", "", "")]
    found = []
    for at in range(max(len(lines), len(times))):
        spot = lines[at] if at < len(lines) else None
        lon, lat = spot[:2] if isinstance(spot, list) and len(spot) > 1 else ("", "")
        time = times[at] if at < len(times) else ""
        where = f"feature {number} point {at + 1}"
        found.append((where, str(lat), str(lon), str(time)))
    return found


def _fix(told: Told, before: Fix | None, chosen: Options) -> Fix:
    """One point with its time.

    Raises:
        ValueError: if it has no place or time, runs back, or jumps.
    """
    where, lat, lon, time = told
    if not time:
        msg = "it has no time; a track without times proves no look"
        raise ValueError(msg)
    spot = point(lat, lon, chosen.bounds())
    at = datetime.fromisoformat(time)
    if at.tzinfo is None:
        msg = f"{shown(time)} has no time zone"
        raise ValueError(msg)
    at = at.astimezone(UTC)
    if before is not None:
        _check_step(before, spot, (at - before[3]).total_seconds())
    return where, *spot, at


def _check_step(before: Fix, spot: tuple[float, float], after_s: float) -> None:
    """Return when a patrol can have gone from one point to the next.

    Raises:
        ValueError: if time runs back or it would have been faster than any car.
    """
    if after_s <= 0:
        msg = "its time is not after that of the point before"
        raise ValueError(msg)
    north_m = (spot[0] - before[1]) * 111_320
    turn_deg = (spot[1] - before[2] + 180) % 360 - 180
    east_m = turn_deg * 111_320 * math.cos(math.radians(spot[0]))
    away_m = math.hypot(north_m, east_m)
    if away_m > _FASTEST_MPS * after_s + 100:
        msg = f"it lies {away_m / 1000:.1f} km on after {after_s:.0f} s"
        raise ValueError(msg)


def _pieces(fixes: list[Fix], chosen: Options) -> Iterator[list[Fix]]:
    """Points of ``piece_s`` each; a gap of ``gap_s`` ends a piece.

    The last point of a full piece begins the next; a point that stands alone is a
    piece of its own.
    """
    gap = timedelta(seconds=chosen.number("gap_s"))
    long = timedelta(seconds=chosen.number("piece_s"))
    piece: list[Fix] = []
    shared = False
    for one in fixes:
        if piece and one[3] - piece[-1][3] > gap:
            if len(piece) > 1 or not shared:
                yield piece
            piece, shared = [], False
        piece.append(one)
        if len(piece) > 1 and one[3] - piece[0][3] >= long:
            yield piece
            piece, shared = [one], True
    if len(piece) > 1 or (piece and not shared):
        yield piece


def _look(
    piece: list[Fix], chosen: Options, share: float, delivery: Delivery
) -> Acquisition:
    """What the patrol could see and hear on one piece.

    Raises:
        ValueError: if it is one point, or its footprint cannot be drawn.
    """
    if len(piece) == 1:
        msg = "no other point lies within gap_s of it; when it was left is not known"
        raise ValueError(msg)
    procedure, observer = chosen.slug("procedure"), chosen.slug("observer")
    first_lon = piece[0][2]
    line = [
        ((lon - first_lon + 180) % 360 - 180 + first_lon, lat)
        for _, lat, lon, _ in piece
    ]
    return Acquisition(
        procedure=f"{procedure}/{observer}",
        footprint=around(LineString(line), chosen.number("sight_m")),
        time=Period(piece[0][3], piece[-1][3]),
        outcome=Outcome.MISS,
        p_clear=share,
        independence=f"{procedure}:{observer}",
        row=_where(piece),
        derived_from=(delivery.id,),
    )


def _where(piece: list[Fix]) -> str:
    first, last = piece[0][0], piece[-1][0]
    return first if first == last else f"{first} to {last}"
