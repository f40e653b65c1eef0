"""A map in one HTML file that needs nothing else: no server, no network, no font.

The page is built from ``web/`` once, when the package is built; here it is only
filled with the bulletin and the words of its language.
"""

from __future__ import annotations

import json
import re
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import cast

from trucewatch.errors import ReleaseError
from trucewatch.record import written_out
from trucewatch.share.bulletin import MAP_FILE, Bulletin, File
from trucewatch.share.page.dates import local_days
from trucewatch.share.text import catalogue, languages

_PLACEHOLDER = re.compile(r"\{\{(language|title|noscript|data)\}\}")

# Groups of the bulletin's catalogue whose codes the page puts into words.
_CODES = frozenset({
    "act",
    "attribution",
    "channel",
    "grade",
    "held",
    "party",
    "procedure",
    "reason",
    "release",
    "stage",
    "stance",
    "standing",
    "statement",
    "verdict",
    "word",
})

# Characters that could end a script element, or a line within one, early.
_UNSAFE = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}


def render(bulletin: Bulletin) -> tuple[File, ...]:
    """The page ``map.html``; the same bytes for the same bulletin and build.

    Raises:
        ReleaseError: if the page has not been built.
    """
    text = _words(bulletin.order.language)
    filled = {
        "language": escape(bulletin.order.language),
        "title": escape(text["map.title"].replace("{title}", bulletin.order.title)),
        "noscript": escape(text["map.noscript"]),
        "data": _embedded(bulletin, text),
    }
    built = template(files("trucewatch.share") / "web" / MAP_FILE)
    page = _PLACEHOLDER.sub(lambda found: filled[found[1]], built)
    return (File(MAP_FILE, page.encode()),)


def _embedded(bulletin: Bulletin, text: dict[str, str]) -> str:
    """Bulletin and words as JSON that is safe between script tags."""
    body = written_out(bulletin).decode()
    words = json.dumps(text, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    spoken = catalogue(_spoken(bulletin.order.language))
    day = json.dumps(local_days(spoken, bulletin.order), ensure_ascii=False)
    data = f'{{"bulletin":{body},"day":{day},"id":"{bulletin.id}","text":{words}}}'
    return data.translate(_UNSAFE)


def template(page: Traversable) -> str:
    """The built page, still without a bulletin.

    Raises:
        ReleaseError: if it has not been built.
    """
    if not page.is_file():
        msg = f"the map page was not built: {page} is missing; run `make dev`"
        raise ReleaseError(msg)
    return page.read_text("utf-8")


def _words(language: str) -> dict[str, str]:
    """Its own words and those of all codes, in English where a language has none."""
    spoken = _spoken(language)
    codes = catalogue(spoken).entries.items()
    shared = {
        k: v for k, v in codes if isinstance(v, str) and k.split(".")[0] in _CODES
    }
    folder = files("trucewatch.share") / "catalogue" / "map"
    own = folder / f"{spoken}.json"
    words = _entries(folder / "en.json")
    return shared | words | (_entries(own) if own.is_file() else {})


def _spoken(language: str) -> str:
    return language if language in languages() else "en"


def _entries(path: Traversable) -> dict[str, str]:
    return cast(dict[str, str], json.loads(path.read_text("utf-8")))
