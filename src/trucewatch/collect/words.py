"""Words that may be kept: a quotation without anybody's name in it."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urlsplit

MAX_CHARS = 240
_NOTE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
_LEFT_OUT = "[…]"

# Words that may begin with a capital letter without being anybody's name.
_PUBLIC_WORDS = """
a after all an and as at but by during for from he his if in it it's its no not of on
our she since that the their there these they this those to under until we when while
with without i monday tuesday wednesday thursday friday saturday sunday january february
march april may june july august september october november december easter christmas
russia russia's russian russians ukraine ukraine's ukrainian ukrainians moscow kyiv
kremlin us u.s eu un uk nato osce uav uavs fpv himars mlrs mod armed forces defence
defense ministry general staff air force government president minister spokesman
spokesperson donetsk luhansk kherson zaporizhzhia kharkiv sumy kursk belgorod bryansk
crimea odesa dnipro europe european america american
"""
_PUBLIC = frozenset(_PUBLIC_WORDS.split())
_GAPS = re.compile(r"\[…\](?:[\s.]*\[…\])+")


def nameless(text: str) -> str:
    """The words without notes in brackets and without anything that may be a name.

    Every capitalised word that is not on a short list of public words is left out, so
    it leaves out too much rather than too little.
    """
    plain = _NOTE.sub("", " ".join(text.split()))
    kept = _WORD.sub(_public_or_nothing, plain)
    kept = _GAPS.sub(_LEFT_OUT, kept)
    return kept if len(kept) <= MAX_CHARS else kept[: MAX_CHARS - 1] + "…"


def digest(text: str) -> str:
    """SHA-256 of words that stay in the delivery."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def outlet(address: str) -> str:
    """The host of an address, without ``www.``; empty where there is none.

    Raises:
        ValueError: if the address is malformed.
    """
    host = urlsplit(address).hostname or ""
    return host.removeprefix("www.")


def _public_or_nothing(match: re.Match[str]) -> str:
    word = match[0]
    common = word.replace("’", "'").lower() in _PUBLIC
    return word if common or word == word.lower() else _LEFT_OUT
