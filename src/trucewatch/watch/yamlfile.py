"""Read the small YAML files people write by hand, with errors people can use.

They are read as agreements are (`agreement.text`): every scalar stays the word that
was written, nothing is constructed or expanded, and everything knows its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from trucewatch.agreement.document import UNSEEN
from trucewatch.agreement.problem import Flaw, located
from trucewatch.agreement.problem import Path as TermPath
from trucewatch.agreement.text import MAX_BYTES, Text, Tree, read_text
from trucewatch.errors import MissionError
from trucewatch.watch.regular import whole

_LISTED = 50  # problems told at once
_SHOWN = 300  # characters of one problem; a value quoted in it may be long


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says and where it says it.

    Attributes:
        what: what it should be, with its article: ``a mission file``.
        body: its keys, with words, lists and mappings of words.
        text: knows the line of everything in it.
    """

    path: Path
    what: str
    body: dict[str, Tree]
    text: Text

    def refused(self, error: ValidationError) -> MissionError:
        """The error that lists every problem a model found, with its line."""
        found = error.errors(include_url=False)
        flaws = [self._flaw(tuple(one["loc"]), _said(one["msg"])) for one in found]
        return _refused(self.path, self.what, self.text, flaws)

    def wrong(self, place: TermPath, why: str) -> MissionError:
        """The error for one place whose value cannot be used."""
        flaws = [self._flaw(place, why)]
        return _refused(self.path, self.what, self.text, flaws)

    def _flaw(self, place: TermPath, why: str) -> Flaw:
        """The flaw at ``place``, less the steps a model takes beyond the file."""
        inside = (n for n in range(len(place) + 1) if place[:n] in self.text.marks)
        missing = place[: max(inside) + 1]
        return Flaw(missing if len(missing) == len(place) else missing[:-1], why, "")


def parsed(path: Path, what: str) -> Written:
    """The mapping a YAML 1.2 file holds.

    Raises:
        MissionError: if the file cannot be read or holds no mapping; says ``what``
            it should have been.
    """
    text = read_text(whole(path, MAX_BYTES), str(path))
    flaws = [*text.flaws, *_unseen(text.tree, ())]
    if not flaws and not isinstance(text.tree, dict):
        flaws = [Flaw((), "it holds no `key: value` lines", "")]
    if flaws or not isinstance(text.tree, dict):
        error = _refused(path, what, text, flaws)
        raise error
    return Written(path, what, text.tree, text)


def explained(error: ValidationError) -> str:
    """Every problem a model found in values that stand in no file."""
    return "; ".join(_said(one["msg"]) for one in error.errors(include_url=False))


def _unseen(tree: Tree, at: TermPath) -> Iterator[Flaw]:
    """Flaws for characters that no reader of the file can see."""
    if isinstance(tree, dict):
        for key, part in tree.items():
            yield from _unseen(key, at)
            yield from _unseen(part, (*at, key))
    elif isinstance(tree, list):
        for place, part in enumerate(tree):
            yield from _unseen(part, (*at, place))
    elif tree and (found := UNSEEN.search(tree)):
        wrong = f"it holds the unseen character U+{ord(found[0]):04X}"
        yield Flaw(at, wrong, "take it out")


def _refused(path: Path, what: str, text: Text, flaws: list[Flaw]) -> MissionError:
    found = (located(flaw, text.marks, {}) for flaw in flaws)
    lines = {
        f"{one.file}:{one.line}: {f'{one.where}: ' if one.where else ''}"
        f"{one.wrong[:_SHOWN]}{f'; {one.right}' if one.right else ''}": None
        for one in sorted(found, key=lambda one: (one.line, one.column))
    }
    listed = [*lines][:_LISTED]
    if (more := len(lines) - len(listed)) > 0:
        listed.append(f"… and {more} more")
    return MissionError("\n  ".join([f"{path.name} is not {what}:", *listed]))


def _said(message: str) -> str:
    plain = message.removeprefix("Value error, ").replace("a valid tuple", "a list")
    return plain
