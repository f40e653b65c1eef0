"""The YAML text of an agreement as a tree of words that knows where each one stands.

Every scalar stays the word that was written: what it means is decided by the field
it stands in, never by how it looks. So ``no``, ``12:30`` and ``1.10`` survive.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from trucewatch.agreement.problem import Flaw, Mark, Path

MAX_BYTES = 1 << 20  # an agreement of 300 pages is smaller
MAX_DEPTH = 12  # the language itself is 8 deep
MAX_TERMS = 20_000  # read in a second; a long agreement has 2,000

Tree = dict[str, "Tree"] | list["Tree"] | str | None


@dataclass
class Text:
    """A tree, where its parts stand, and what was wrong with the writing.

    Attributes:
        marks: file, line and column by path; a value in a mapping stands where its
            key does.
    """

    tree: Tree = None
    marks: dict[Path, Mark] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)


def read_text(raw: bytes, file: str) -> Text:
    """The tree of a YAML 1.2 text; nothing in it is ever constructed or expanded.

    Anchors, aliases, tags and second documents are flaws: a term is written out in
    the one place where it is read. A text that is no YAML gives one flaw, no tree.
    """
    text = Text(marks={(): Mark(file, 1, 1)})
    if len(raw) > MAX_BYTES:
        wrong = f"the file has more than {MAX_BYTES} bytes"
        _add(text, (), wrong, "put long lines and lists of sites in files beside it")
        return text
    try:
        words = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = f"byte {error.start + 1} (0x{raw[error.start]:02x}) is not UTF-8"
        text.marks[()] = Mark(file, raw.count(b"\n", 0, error.start) + 1, 1)
        _add(text, (), wrong, "save the file as UTF-8")
        return text
    try:
        _Reader(words, file, text).read()
    except MarkedYAMLError as error:
        text.tree = None
        if error.problem_mark is not None:
            mark = error.problem_mark
            text.marks[()] = Mark(file, mark.line + 1, mark.column + 1)
        wrong = f"this cannot be read as YAML: {error.problem or error.context}"
        _add(text, (), wrong, "check indentation, colons, brackets and quotes")
    except (YAMLError, ValueError, OverflowError) as error:
        text.tree = None
        reason = " ".join(str(error).split())
        _add(text, (), f"this cannot be read as YAML: {reason}", "take it out")
    return text


def _add(text: Text, path: Path, wrong: str, right: str) -> None:
    text.flaws.append(Flaw(path, wrong, right))


def _stop(event: Event, problem: str) -> NoReturn:
    """Give up on the text.

    Raises:
        MarkedYAMLError: always; it says where.
    """
    raise MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


class _Reader:
    """Builds the tree from parser events, which come one by one and unexpanded."""

    def __init__(self, words: str, file: str, text: Text) -> None:
        self._events: Iterator[Event] = YAML(typ="safe", pure=True).parse(words)
        self._file = file
        self._text = text
        self._terms = 0

    def read(self) -> None:
        next(self._events)  # start of stream
        if isinstance(next(self._events), StreamEndEvent):
            _add(self._text, (), "the file is empty", "begin with `agreement:`")
            return
        self._text.tree = self._node(next(self._events), ())
        following = next(e for e in self._events if not isinstance(e, DocumentEndEvent))
        if not isinstance(following, StreamEndEvent):
            right = "put each version in a file of its own"
            _add(self._text, (), "the file holds a second document", right)

    def _bounded(self, event: Event, path: Path) -> None:
        """Stop at a text too deep or too long to be an agreement."""
        self._terms += 1
        if len(path) > MAX_DEPTH:
            _stop(event, f"terms are nested more than {MAX_DEPTH} levels deep")
        if self._terms > MAX_TERMS:
            _stop(event, f"there are more than {MAX_TERMS} terms")

    def _node(self, event: Event, path: Path) -> Tree:
        self._bounded(event, path)
        self._text.marks.setdefault(path, self._mark(event))
        if isinstance(event, NodeEvent) and event.anchor is not None:
            right = "write the words out where they are meant"
            _add(self._text, path, f"anchors and aliases (`{event.anchor}`)", right)
        if getattr(event, "tag", None):
            _add(self._text, path, "tags have no meaning here", "take the tag out")
        match event:
            case ScalarEvent():
                return event.value or (None if event.style is None else "")
            case MappingStartEvent():
                return self._mapping(path)
            case SequenceStartEvent():
                return self._sequence(path)
            case AliasEvent():
                return None
        _stop(event, "here a term was expected")

    def _mapping(self, path: Path) -> Tree:
        found: dict[str, Tree] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = event.value if isinstance(event, ScalarEvent) else None
            if key is None:
                _stop(event, "here a name should stand")
            inner = (*path, key)
            if key in found:
                first = self._text.marks[inner].line
                self._text.marks[inner] = self._mark(event)
                wrong = f"`{key}` stands here twice, first in line {first}"
                _add(self._text, inner, wrong, "keep one of the two")
            self._text.marks[inner] = self._mark(event)
            found[key] = self._node(next(self._events), inner)
        return found

    def _sequence(self, path: Path) -> Tree:
        found: list[Tree] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            found.append(self._node(event, (*path, len(found))))
        return found

    def _mark(self, event: Event) -> Mark:
        at = event.start_mark
        return Mark(self._file, at.line + 1, at.column + 1)
