"""Read prose from files and set side by side who said what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from trucewatch.collect.delivery import Delivery, Option
from trucewatch.collect.observation import Observation, Statement
from trucewatch.collect.prose.accounting import Parts, said_in
from trucewatch.collect.prose.document import Article
from trucewatch.collect.prose.gazetteer import Gazetteer, read_gazetteer
from trucewatch.collect.prose.statements import Silent
from trucewatch.collect.settings import options
from trucewatch.errors import SourceError
from trucewatch.grade.register import RegisterEntry, register
from trucewatch.grade.renderings import (
    Difference,
    Rendered,
    complements,
    renderings,
)
from trucewatch.plugin import load
from trucewatch.watch.mission import SOURCES
from trucewatch.watch.regular import whole

FILE_LIMIT = 512 * 1024 * 1024  # bytes of one file


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything read from some files.

    Attributes:
        observations: statements, in the order of the files and their text.
        silent: paragraphs and parts without one, by name of file.
        quoted: the words of each statement as delivered, by its id.
    """

    observations: tuple[Observation, ...]
    silent: tuple[tuple[str, Silent], ...]
    rendered: tuple[Rendered, ...]
    complements: tuple[Difference, ...]
    register: tuple[RegisterEntry, ...]
    problems: tuple[str, ...] = ()
    quoted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def hear(
    paths: Sequence[Path], given: Mapping[str, str], gazetteer: Path | None
) -> Heard:
    """Statements of files, what several print, and the register of subjects.

    Args:
        paths: articles, feeds, archives, exports or e-mail, told by their contents.
        given: options of the sources; ``outlet`` is the file's name where not given.
        gazetteer: table of settlements; ``None`` leaves them unlocated.

    Raises:
        SourceError: if no file could be read, or the gazetteer or an option is wrong.
    """
    places = read_gazetteer(whole(gazetteer, FILE_LIMIT)) if gazetteer else Gazetteer()
    found: list[Observation] = []
    silent: list[tuple[str, Silent]] = []
    problems: list[str] = []
    quoted: dict[str, tuple[str, ...]] = {}
    failed = 0
    for path in paths:
        try:
            made, words, undated = _file(
                path, {**given, "found": _day_of(path)}, places
            )
            if undated:
                problems.append(
                    f"{path.name}: nobody says when it was published, so days of the "
                    "week, 'yesterday' and dates without a year are left open; "
                    "--published settles them"
                )
        except SourceError as error:
            failed += 1
            problems.append(f"{path.name}: {error}")
            continue
        found.extend(one for one in made if isinstance(one, Observation))
        silent.extend((path.name, one) for one in made if isinstance(one, Silent))
        quoted.update(words)
    if failed == len(paths):
        raise SourceError("; ".join(problems))
    return Heard(
        observations=tuple(found),
        silent=tuple(silent),
        rendered=renderings(found),
        complements=complements(found),
        register=register(found),
        problems=tuple(problems),
        quoted=quoted,
    )


def _day_of(path: Path) -> str:
    """The day a file was last written, in UTC."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()


def source_of(raw: bytes, name: str) -> str:
    """The source that reads such bytes."""
    head = raw[:2048].lstrip()
    low = head.lower()
    if head.startswith((b"WARC/", b"PK\x03\x04", b"\x1f\x8b")):
        return "web_archives"
    if head.startswith(b"{") and b'"messages"' in raw[:65_536]:
        return "telegram_exports"
    if low.startswith((b"<?xml", b"<rss", b"<feed")) and (
        b"<rss" in low or b"<feed" in low
    ):
        return "feeds"
    mail = low.startswith((b"from ", b"received:", b"return-path:", b"delivered-to:"))
    if name.lower().endswith((".eml", ".mbox")) or mail:
        return "mails"
    return "articles"


def _file(
    path: Path, given: Mapping[str, str], places: Gazetteer
) -> tuple[list[Observation | Silent], dict[str, tuple[str, ...]], bool]:
    """Statements of one file, their words, and whether nobody dates some of them."""
    raw = whole(path, FILE_LIMIT)
    source = source_of(raw, path.name)
    plug_in = load(SOURCES, source)
    asked = {k: v for k, v in given.items() if v}
    if source == "articles":
        asked.setdefault("outlet", path.stem)
    delivery = Delivery(
        source=source,
        name=path.name,
        sha256=sha256(raw).hexdigest(),
        size_bytes=len(raw),
        options=tuple(Option(k, v) for k, v in sorted(asked.items())),
    )
    chosen = options(delivery, plug_in.OPTIONS)
    parts: Parts = tuple(plug_in.documents(raw, delivery, chosen))
    made = list(said_in(parts, delivery, chosen, places))
    texts = {p.document.where: p.document.text for p in parts if isinstance(p, Article)}
    undated = any(isinstance(p, Article) and p.document.assumed for p in parts)
    return made, dict(_words(made, texts)), undated


def _words(
    made: Sequence[Observation | Silent], texts: Mapping[str, str]
) -> list[tuple[str, tuple[str, ...]]]:
    """Quotations as they stand in the delivery."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for one in made:
        if isinstance(one, Observation) and isinstance(one.result, Statement):
            where = one.row.rpartition("paragraph ")[0].removesuffix(", ")
            text = texts.get(where, "")
            spans = one.result.quotations
            found.append((one.id, tuple(text[s.begin : s.end] for s in spans)))
    return found
