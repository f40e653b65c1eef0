"""Intake of waveforms from an FDSN web service: asked for what is new, again and again.

Source: FDSN Web Service Specifications 1.2, dataselect and station.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from http.client import HTTPException
from itertools import count
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
)

from trucewatch.collect.seismology import read_inventory, read_records
from trucewatch.errors import SourceError
from trucewatch.watch.rolled import Heard, Rolled
from trucewatch.watch.streams import Server, Stream

POLL_S = 60.0
_TIMEOUT_S = 60.0
_MOST_BYTES = 500_000_000
_NOTHING = (204, 404)
_LATER = (429, 500, 502, 503, 504)
STATIONS = "stations.xml"


class _Busy(Exception):
    """The server did not answer this time."""


def listen(
    server: Server, out: Rolled, since: datetime, for_s: float, most: int
) -> Heard:
    """Every record the service had from ``since`` on stands in ``out``.

    It is asked at once and then every ``POLL_S`` seconds, for ``for_s`` seconds. The
    stations' places stand in ``stations.xml`` beside the records.

    Raises:
        SourceError: if ObsPy is absent, or the service is out of reach or refuses the
            first time, or what it sends is no miniSEED or no StationXML.
    """
    heard = Heard()
    until = time.monotonic() + for_s
    _stations(server, out.folder / STATIONS)
    after = dict.fromkeys(server.streams, since)
    for number in count():
        answered = [_tried(server, one, after, out, heard) for one in after]
        if number == 0 and not any(answered):
            raise SourceError(heard.why)
        left_s = until - time.monotonic()
        if out.full or out.count >= most or left_s <= 0:
            break
        time.sleep(min(POLL_S, left_s))
    return heard


def _tried(
    server: Server,
    stream: Stream,
    after: dict[Stream, datetime],
    out: Rolled,
    heard: Heard,
) -> bool:
    """Whether the server answered; if so, what is new of one stream is written down."""
    try:
        after[stream] = _asked(server, stream, after[stream], out)
    except _Busy as error:
        heard.again, heard.why = heard.again + 1, str(error)
        return False
    return True


def _asked(server: Server, stream: Stream, since: datetime, out: Rolled) -> datetime:
    """What is new of one stream is written down; the time to ask from next.

    That is the end of the channel that is behind most, so that none is passed over; a
    clock that runs ahead of ours does not put it off.

    Raises:
        SourceError: if the answer is no miniSEED, or the request is refused.
    """
    now = datetime.now(UTC)
    if now <= since:
        return since
    asked = {**_names(stream), "starttime": _iso(since), "endtime": _iso(now)}
    raw = _get(server, "dataselect", asked)
    latest: dict[str, datetime] = {}
    try:
        for record in read_records(raw):
            out.add(record)
            name = record.channel_id
            latest[name] = max(latest.get(name, record.end), record.end)
    except SourceError as error:
        msg = f"{server.host}:{server.port} sent what cannot be read: {error}"
        raise SourceError(msg) from error
    return max(since, min(now, *latest.values())) if latest else since


def _stations(server: Server, path: Path) -> None:
    """Write down where the stations stand, unless the service does not know.

    Raises:
        SourceError: if the answer is no StationXML, or the service is out of reach.
    """
    parts = [_names(one) for one in server.streams]
    asked = {
        name: ",".join(sorted({one[name] for one in parts if name in one}))
        for name in ("net", "sta", "cha")
    }
    try:
        raw = _get(server, "station", {**asked, "level": "channel"})
    except _Busy as error:
        raise SourceError(str(error)) from error
    if raw:
        read_inventory(raw)
        path.write_bytes(raw)


def _names(stream: Stream) -> dict[str, str]:
    found = {"net": stream.network, "sta": stream.station, "cha": stream.channel}
    return {**found, "loc": stream.location} if stream.location else found


def _get(server: Server, service: str, asked: Mapping[str, str]) -> bytes:
    """What a service answers; nothing where it has nothing.

    Raises:
        SourceError: if it refuses, or sends too much.
        _Busy: if it may answer later.
    """
    scheme = "https" if server.scheme == "fdsns" else "http"
    host = f"{server.host}:{server.port}"
    query = urlencode(asked, safe=",*?-:")
    address = f"{scheme}://{host}/fdsnws/{service}/1/query?{query}"
    try:
        with _opener().open(address, timeout=_TIMEOUT_S) as answer:
            raw: bytes = answer.read(_MOST_BYTES + 1)
    except HTTPError as error:
        if error.code in _NOTHING:
            return b""
        said = " ".join(error.read(500).decode("utf-8", "replace").split())[:200]
        msg = f"{host} refused {service}: {error.code} {said}"
        if error.code in _LATER:
            raise _Busy(msg) from error
        raise SourceError(msg) from error
    except (OSError, HTTPException) as error:
        msg = f"{host} cannot be asked for {service}: {error}"
        raise _Busy(msg) from error
    if len(raw) > _MOST_BYTES:
        msg = f"{host} sent over {_MOST_BYTES} bytes at once; ask for a shorter time"
        raise SourceError(msg)
    return raw


def _opener() -> OpenerDirector:
    """HTTP and HTTPS only, and no redirects: what is asked is what answers."""
    made = OpenerDirector()
    for handler in (
        *(ProxyHandler(), HTTPHandler(), HTTPSHandler()),
        *(HTTPDefaultErrorHandler(), HTTPErrorProcessor()),
    ):
        made.add_handler(handler)
    return made


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
