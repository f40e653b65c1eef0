"""Bytes as they arrived, made safe to read: unpacked within limits, lines bounded."""

from __future__ import annotations

import io
import zlib

from trucewatch.errors import SourceError

# A year of fire pixels of one country is 4 MB, a month of media reports 6 MB.
MAX_PLAIN_BYTES = 512 * 1024 * 1024
MAX_LINE_BYTES = 1_000_000
# Tables and prose shrink 3 to 30 times; what shrinks more was built to.
MAX_RATIO = 200
_RATIO_FROM_BYTES = 4 * 1024 * 1024
_STEP_BYTES = 1024 * 1024

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"


def plain(raw: bytes) -> bytes:
    """The delivery's own bytes, out of their gzip wrapping where they had one.

    Raises:
        SourceError: if they are a ZIP archive, damaged, cut short, or would grow
            beyond ``MAX_PLAIN_BYTES`` or ``MAX_RATIO``.
    """
    if raw.startswith(_ZIP):
        msg = "this is a ZIP archive; unpack it first, or deliver gzip"
        raise SourceError(msg)
    if len(raw) > MAX_PLAIN_BYTES:
        msg = f"{len(raw)} bytes are more than the {MAX_PLAIN_BYTES} read at once"
        raise SourceError(msg)
    if not raw.startswith(_GZIP):
        return raw
    out = io.BytesIO()
    rest = raw
    while rest.startswith(_GZIP):
        rest = _member(rest, out, len(raw))
    if rest.strip(b"\0"):
        msg = f"{len(rest)} bytes after the end of the gzip stream are not gzip"
        raise SourceError(msg)
    return out.getvalue()


def check_lines(data: bytes) -> None:
    """Return when no line of ``data`` is longer than ``MAX_LINE_BYTES``.

    It steps from limit to limit, so a huge single line costs one search.

    Raises:
        SourceError: if one is.
    """
    start = 0
    while len(data) - start > MAX_LINE_BYTES:
        end = data.rfind(b"\n", start, start + MAX_LINE_BYTES)
        if end < 0:
            line = data.count(b"\n", 0, start) + 1
            msg = f"line {line} is longer than {MAX_LINE_BYTES} bytes"
            raise SourceError(msg)
        start = end + 1


def _member(rest: bytes, out: io.BytesIO, packed_bytes: int) -> bytes:
    """Unpack one gzip member into ``out``; what follows it.

    Raises:
        SourceError: if it is damaged, cut short or grows too much.
    """
    unpacker = zlib.decompressobj(wbits=31)
    while not unpacker.eof:
        try:
            piece = unpacker.decompress(rest, _STEP_BYTES)
        except zlib.error as error:
            msg = f"the gzip stream is damaged: {error}"
            raise SourceError(msg) from error
        rest = unpacker.unconsumed_tail
        out.write(piece)
        _check_growth(out.tell(), packed_bytes)
        if not piece and not rest and not unpacker.eof:
            msg = f"the gzip stream was cut short after {out.tell()} plain bytes"
            raise SourceError(msg)
    return unpacker.unused_data


def _check_growth(plain_bytes: int, packed_bytes: int) -> None:
    if plain_bytes > MAX_PLAIN_BYTES:
        msg = f"the delivery unpacks to more than {MAX_PLAIN_BYTES} bytes"
        raise SourceError(msg)
    if plain_bytes > _RATIO_FROM_BYTES and plain_bytes > MAX_RATIO * packed_bytes:
        msg = f"the delivery grows more than {MAX_RATIO} times when unpacked: refused"
        raise SourceError(msg)
