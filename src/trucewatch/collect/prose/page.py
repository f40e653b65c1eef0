"""The article of a web page, each paragraph led back to where it stands in the page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from trucewatch.collect.prose.document import Passage, lines_in
from trucewatch.collect.prose.plain import Plain, plain_text

MAX_PAGE_CHARS = 5_000_000  # no article's page is longer
# What a page states of its day: in its mark-up or address, never guessed from its
# words; the last day allowed is fixed, for a library would ask the clock.
LATEST = "2100-01-01"

_MARKUP = re.compile(
    r"<[^<>]{0,20000}>|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|\w{2,31});|[\r\n\t ]+",
    re.IGNORECASE,
)
_SILENT = ("script", "style", "noscript", "template", "svg")
_BLOCKS = re.compile(
    r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|article|section|header|"
    r"footer|main|aside|nav|figure|figcaption|title|pre|form|option)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a library finds on a page.

    Attributes:
        paragraphs: of the article, each leading back to the page.
        lost: paragraphs the library made that do not stand in the page as they are.
        date: ISO 8601, as the page states it; empty where it does not.
    """

    paragraphs: tuple[Passage, ...]
    lost: int
    date: str
    site: str
    address: str
    title: str


def page(text: str) -> Page | None:
    """The article of a page, without menus, advertisements and comments.

    ``None`` where there is none. Needs trafilatura (extra ``prose``).
    """
    from trafilatura import bare_extraction

    if len(text) > MAX_PAGE_CHARS:
        return None
    found = bare_extraction(
        text,
        favor_precision=True,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={
            "original_date": True,
            "extensive_search": False,
            "max_date": LATEST,
        },
    )
    if found is None or isinstance(found, dict) or not found.text:
        return None
    kept, lost = _placed(found.text.split("\n"), text_of_page(text))
    return Page(
        paragraphs=tuple(kept),
        lost=lost,
        date=found.date or "",
        site=found.hostname or found.sitename or "",
        address=found.url or "",
        title=found.title or "",
    )


def day_of_address(address: str) -> str:
    """The day an address holds, ISO 8601; empty for none. Needs extra ``prose``."""
    if not address:
        return ""
    from htmldate import find_date

    empty = "<html><body><p></p></body></html>"
    found = find_date(empty, extensive_search=False, url=address, max_date=LATEST)
    return found or ""


def paragraphs_of_markup(text: str) -> tuple[Passage, ...]:
    """All blocks of a piece of HTML, such as the summary of a feed's entry."""
    return tuple(lines_in(text_of_page(text)))


def text_of_page(text: str) -> Plain:
    """The words of a page, blocks on lines of their own, leading back to the page."""
    out: list[str] = []
    at: list[int] = []
    source: list[int] = []
    length = 0
    for where, piece in _pieces(text):
        if not piece or (piece in " \n" and (not out or out[-1] in (" ", "\n"))):
            if piece == "\n" and out and out[-1] == " ":
                out[-1] = "\n"
            continue
        out.append(piece)
        at.append(length)
        source.append(where)
        length += len(piece)
    return Plain("".join(out), tuple(at) or (0,), tuple(source) or (0,))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    done = 0
    for begin, end in _loud(text):
        done = begin
        for match in _MARKUP.finditer(text, begin, end):
            yield done, text[done : match.start()]
            yield match.start(), _stands_for(match[0])
            done = match.end()
        yield done, text[done:end]


def _loud(text: str) -> Iterator[tuple[int, int]]:
    """The parts outside scripts, styles and remarks, in one pass."""
    low = text.lower()
    opening = re.compile(rf"<(?:({'|'.join(_SILENT)})\b|!--)")
    done = 0
    while match := opening.search(low, done):
        yield done, match.start()
        closing = f"</{match[1]}" if match[1] else "-->"
        end = low.find(closing, match.end())
        if end < 0:
            return
        done = end + 3 if closing == "-->" else low.find(">", end) + 1
        if done <= 0:
            return
    yield done, len(text)


def _stands_for(markup: str) -> str:
    if markup[0] == "&":
        word = html.unescape(markup)
        return " " if word == "\u00a0" else word
    if markup[0] == "<":
        return "\n" if _BLOCKS.match(markup) else ""
    return " "


def _placed(lines: list[str], whole: Plain) -> tuple[list[Passage], int]:
    """Each line of the library as a passage of the page, and how many have no place."""
    squeezed = _squeezed(whole)
    kept: list[Passage] = []
    lost = 0
    cursor = 0
    for number, line in enumerate(filter(str.strip, lines), 1):
        wanted = re.sub(r"^[-–•]\s+", "", " ".join(line.split()))
        found = squeezed.text.find(wanted, cursor)
        found = found if found >= 0 else squeezed.text.find(wanted)
        if found < 0:
            lost += 1
            continue
        cursor = found + len(wanted)
        part = _readable(squeezed.part(found, cursor))
        kept.append(Passage(part, number))
    return kept, lost


def _squeezed(whole: Plain) -> Plain:
    text = whole.text.replace("\n", " ")
    return Plain(text, whole.at, whole.source)


def _readable(part: Plain) -> Plain:
    """Hidden characters and twins taken care of, places kept."""
    clean = plain_text(part.text)
    source = tuple(part.origin(at, at + 1).begin for at in clean.source)
    if len(clean.at) == 1:
        return Plain(clean.text, part.at, part.source) if clean.text else clean
    return Plain(clean.text, *_merged(clean, part, source))


def _merged(
    clean: Plain, part: Plain, source: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Pieces of two maps, one after the other, as one."""
    ends = (*clean.at[1:], len(clean.text))
    pieces: dict[int, int] = dict(zip(clean.at, source, strict=True))
    for at, begin, end in zip(clean.at, clean.source, ends, strict=True):
        for where, came in zip(part.at, part.source, strict=True):
            if begin < where < begin + (end - at):
                pieces[at + where - begin] = came
    ordered = sorted(pieces.items())
    return tuple(a for a, _ in ordered), tuple(s for _, s in ordered)
