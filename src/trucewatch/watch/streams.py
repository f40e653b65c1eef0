"""Addresses of seismological servers, and the streams that are asked of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from trucewatch.errors import SourceError

PORTS = {"seedlink": 18000, "fdsn": 80, "fdsns": 443}
_ADDRESS = re.compile(
    r"(?P<scheme>seedlink|fdsns?)://"
    r"(?P<host>[A-Za-z0-9.-]+)(?::(?P<port>\d{1,5}))?/(?P<streams>.+)"
)
_STREAM = re.compile(
    r"(?P<network>[A-Z0-9?*]{1,2})_(?P<station>[A-Z0-9?*]{1,5})"
    r":(?:(?P<location>[A-Z0-9?-]{2})\.)?(?P<channel>[A-Z0-9?*]{1,3})"
)


@dataclass(frozen=True, slots=True)
class Stream:
    """What is asked for; ``?`` and ``*`` stand for any character and any characters.

    Attributes:
        location: empty for whichever there is, ``--`` for the empty code.
    """

    network: str
    station: str
    channel: str
    location: str = ""

    def __str__(self) -> str:
        """As it stands in an address."""
        place = f"{self.location}." if self.location else ""
        return f"{self.network}_{self.station}:{place}{self.channel}"


@dataclass(frozen=True, slots=True)
class Server:
    """Where records come from, and which."""

    scheme: str
    host: str
    port: int
    streams: tuple[Stream, ...]

    @classmethod
    def at(cls, address: str) -> Server:
        """The server of ``seedlink://host[:port]/NET_STA:CHA[,NET_STA:CHA…]``.

        Raises:
            SourceError: if the address is none.
        """
        wrong = (
            "an address must be seedlink://host/NET_STA:CHA, fdsn://… or fdsns://…, "
            "such as seedlink://localhost/YJ_BRP1:BDF,YJ_BRP2:00.BD?"
        )
        found = _ADDRESS.fullmatch(unquote(address))
        port = int(found["port"] or PORTS[found["scheme"]]) if found else 0
        if found is None or not 0 < port < 65_536:
            msg = f"{wrong}; found {address[:100]!r}"
            raise SourceError(msg)
        streams: list[Stream] = []
        for text in found["streams"].split(","):
            one = _STREAM.fullmatch(text)
            if one is None:
                msg = f"{wrong}; {text[:40]!r} is no stream"
                raise SourceError(msg)
            streams.append(Stream(**{k: v or "" for k, v in one.groupdict().items()}))
        return cls(found["scheme"], found["host"], port, tuple(streams))
