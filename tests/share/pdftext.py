"""Read a PDF's streams and its words back, well enough to search them."""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"stream\r?\n")
_PAIR = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>")
_SHOWN = re.compile(rb"\((?:\\.|[^\\()])*\)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def streams(pdf: bytes) -> list[bytes]:
    """Every stream that inflates."""
    found = []
    for start in (one.end() for one in _STREAM.finditer(pdf)):
        try:
            found.append(zlib.decompressobj().decompress(pdf[start:]))
        except zlib.error:
            continue
    return found


def text(pdf: bytes) -> str:
    """The words under every font's map; wrong maps give noise, the right one text."""
    inflated = streams(pdf)
    maps = [_map(one) for one in inflated if b"begincmap" in one]
    pages = [one for one in inflated if b" Tf" in one]
    codes = [_codes(block) for page in pages for block in page.split(b"ET")]
    return "\n".join(
        "".join(cmap.get(code, "") for code in block)
        for cmap in maps
        for block in codes
    )


def _map(stream: bytes) -> dict[int, str]:
    body = stream.split(b"begincodespacerange")[-1].split(b"endcodespacerange")[-1]
    return {
        int(code, 16): bytes.fromhex(said.decode()).decode("utf-16-be")
        for code, said in _PAIR.findall(body)
    }


def _codes(block: bytes) -> list[int]:
    raw = b"".join(_unescaped(one[1:-1]) for one in _SHOWN.findall(block))
    return [int.from_bytes(raw[k : k + 2], "big") for k in range(0, len(raw) - 1, 2)]


def _unescaped(raw: bytes) -> bytes:
    def one(found: re.Match[bytes]) -> bytes:
        said = found.group(1)
        if said[:1].isdigit():
            return bytes([int(said, 8) & 255])
        return _ESCAPES.get(said, said)

    return re.sub(rb"\\([0-7]{1,3}|.)", one, raw, flags=re.DOTALL)
