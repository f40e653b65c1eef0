"""Waveforms of a server, written down as they arrive, and how that went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from trucewatch.errors import SourceError
from trucewatch.watch import fdsn, seedlink
from trucewatch.watch.rolled import Heard, Roll, Rolled
from trucewatch.watch.streams import Server


def record(
    address: str, folder: Path, roll: Roll, since: datetime, until: tuple[float, int]
) -> tuple[str, ...]:
    """What a server sends stands in ``folder``; the lines that say what came.

    Args:
        address: of the server and its streams.
        folder: made where it is not there.
        roll: how long one file lasts.
        since: where a web service is asked from.
        until: seconds and records after which to stop.

    Raises:
        SourceError: if the address is none, or the server is of no use; the files of
            what came before are finished first.
    """
    server = Server.at(address)
    try:
        out = Rolled(folder, roll)
    except OSError as error:
        msg = f"{folder} cannot be written to: {error}"
        raise SourceError(msg) from error
    try:
        if server.scheme == "seedlink":
            heard = seedlink.listen(server, out, *until)
        else:
            heard = fdsn.listen(server, out, since, *until)
    finally:
        out.finish()
    return tuple(_told(server, out, heard))


def _told(server: Server, out: Rolled, heard: Heard) -> Iterator[str]:
    yield f"{out.folder}: {out.count} records of {len(out.stations)} stations"
    if out.repeated:
        yield f"{out.repeated} records came again and were kept once"
    if heard.bad:
        yield f"{heard.bad} records could not be read and were left out: {heard.why}"
    if heard.again:
        yield f"asked again {heard.again} times, last because: {heard.why}"
    for one in server.streams:
        name = f"{one.network}.{one.station}"
        if not any(fnmatchcase(station, name) for station in out.stations):
            yield f"nothing came of {one}"
