"""What is wrong with an agreement file, where, and what would be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trucewatch.record import Value

Path = tuple[str | int, ...]
"""Where a term stands in the file: ``("clauses", 0, "where")``."""


class TermError(ValueError):
    """A term could not be read; carries what was wrong and what would be right."""

    def __init__(self, wrong: str, right: str) -> None:
        """Keep both halves apart, so that a problem can show them apart."""
        super().__init__(f"{wrong}; {right}")
        self.wrong = wrong
        self.right = right


@dataclass(frozen=True, slots=True)
class Mark(Value):
    """A place in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Flaw(Value):
    """Something wrong with the term at ``path``, not yet located in the file."""

    path: Path
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class Problem(Value):
    """A flaw as a person meets it: file, line, column, section, wrong and right."""

    file: str
    line: int
    column: int
    where: str
    wrong: str
    right: str

    def __str__(self) -> str:
        """One line, in the form editors and terminals make clickable."""
        place = f"{self.file}:{self.line}:{self.column}"
        where = f"{self.where}: " if self.where else ""
        return f"{place}: {where}{self.wrong}; {self.right}"


def located(
    flaw: Flaw, marks: Mapping[Path, Mark], names: Mapping[Path, str]
) -> Problem:
    """The flaw at the innermost place in the file that its path leads to.

    Args:
        flaw: what is wrong.
        marks: where the terms stand; must hold the empty path, the file itself.
        names: ids of list entries, so that a clause is called by its own id.
    """
    inner = next(
        flaw.path[:depth]
        for depth in range(len(flaw.path), -1, -1)
        if flaw.path[:depth] in marks
    )
    mark = marks[inner]
    steps = [
        names.get(flaw.path[: depth + 1], str(step))
        for depth, step in enumerate(flaw.path)
    ]
    return Problem(
        file=mark.file,
        line=mark.line,
        column=mark.column,
        where=_printable("/".join(steps)),
        wrong=_printable(flaw.wrong),
        right=_printable(flaw.right),
    )


def _printable(text: str) -> str:
    """The text with every character that a terminal might obey made visible."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
