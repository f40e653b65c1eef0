"""Live intake of waveforms from a SeedLink server (version 3), by ObsPy's client.

Records are written down as they came. After a break the server is asked for what
followed the last record; what it no longer has is a gap in the files, and stays one.
"""

from __future__ import annotations

import logging
import select
import socket
import time
from typing import TYPE_CHECKING

from trucewatch.collect.seismology import MISSING, read_records
from trucewatch.errors import SourceError
from trucewatch.watch.rolled import Heard, Rolled
from trucewatch.watch.streams import Server

if TYPE_CHECKING:
    from obspy.clients.seedlink.client.seedlinkconnection import SeedLinkConnection

# Silence after which a connection counts as dead, and the pause before a new one.
DEAD_S = 120
PAUSE_S = 1.0
_STEP_S = 0.2


def listen(server: Server, out: Rolled, for_s: float, most: int) -> Heard:
    """Every record of ``for_s`` seconds stands in ``out``, or ``most`` of them.

    Raises:
        SourceError: if ObsPy is absent, or the server is out of reach, is no SeedLink
            server, or refuses all streams, before any record came.
    """
    heard = Heard()
    until = time.monotonic() + for_s
    link = _link(server, until, heard)
    try:
        while not out.full and out.count < most and time.monotonic() < until:
            link.timeout = max(until - time.monotonic(), 0.1)
            if (raw := _next(link, heard)) is not None:
                _keep(raw, out, heard)
            elif out.count == 0 and heard.why:
                msg = f"{server.host}:{server.port} gave no records: {heard.why}"
                raise SourceError(msg)
    finally:
        link.close()
    return heard


def _keep(raw: bytes, out: Rolled, heard: Heard) -> None:
    try:
        for record in read_records(raw):
            out.add(record)
    except SourceError as error:
        heard.bad += 1
        heard.why = str(error)


def _next(link: SeedLinkConnection, heard: Heard) -> bytes | None:
    """The next record; ``None`` where the connection ended."""
    from obspy.clients.seedlink.seedlinkexception import SeedLinkException
    from obspy.clients.seedlink.slpacket import SLPacket

    try:
        packet = link.collect()
    except (SeedLinkException, OSError) as error:
        heard.why = _said(error)
    else:
        if isinstance(packet, SLPacket):
            return bytes(packet.msrecord)
        if packet == SLPacket.SLERROR:
            heard.why = "the server reported an error"
    time.sleep(_STEP_S)
    return None


def _link(server: Server, until: float, heard: Heard) -> SeedLinkConnection:
    """A connection that asks for the server's streams.

    Raises:
        SourceError: if ObsPy is absent.
    """
    try:
        from obspy.clients.seedlink.client.seedlinkconnection import SeedLinkConnection
    except ImportError as error:
        raise SourceError(MISSING) from error
    logging.getLogger("obspy.clients.seedlink").setLevel(logging.CRITICAL)
    link = SeedLinkConnection(timeout=max(until - time.monotonic(), 0.1))
    link.netto, link.netdly = DEAD_S, PAUSE_S
    link.set_sl_address(f"{server.host}:{server.port}")
    for one in server.streams:
        link.add_stream(one.network, one.station, one.location + one.channel, -1, None)
    _connect_tidily(link, server)
    _receive_soon(link, until, heard)
    _tell_refusals(link, heard)
    return link


def _connect_tidily(link: SeedLinkConnection, server: Server) -> None:
    """Make the connection close what it could not use, and take any IP version."""

    def connect() -> None:
        address = (server.host, server.port)
        link.socket = socket.create_connection(address, timeout=link.timeout)
        try:
            link.say_hello()
        except Exception:
            link.disconnect()
            raise

    link.connect = connect


def _receive_soon(link: SeedLinkConnection, until: float, heard: Heard) -> None:
    """Make the connection notice at once when its server has gone, or time is up.

    ObsPy's own takes the end of a stream for silence, and waits ``DEAD_S``.
    """

    def receive(most: int, code: str) -> bytes:
        if time.monotonic() > until:
            raise ConnectionAbortedError
        if not select.select([link.socket], [], [], _STEP_S)[0]:
            return b""
        if found := bytes(link.socket.recv(most)):
            return found
        heard.why = f"{code} hung up"
        raise ConnectionResetError(heard.why)

    link.receive_data = receive


def _tell_refusals(link: SeedLinkConnection, heard: Heard) -> None:
    """Make the connection keep why it was refused, and count what it throws away."""
    from obspy.clients.seedlink.seedlinkexception import SeedLinkException

    ask, update = link.config_link, link.update_stream
    asked = 0

    def config_link() -> None:
        nonlocal asked
        asked += 1
        heard.again = asked - 1
        try:
            ask()
        except (SeedLinkException, OSError) as error:
            heard.why = _said(error)
            link.terminate()
            raise

    def update_stream(packet: object) -> None:
        try:
            update(packet)
        except SeedLinkException as error:
            heard.bad += 1
            heard.why = _said(error)
            raise

    link.config_link, link.update_stream = config_link, update_stream


def _said(error: Exception) -> str:
    return " ".join(str(getattr(error, "value", error)).split())[:300]
