"""An agreement file read into its versions, or every reason why it cannot be.

1. The bytes become a tree of words (`text`).
2. The words are those of the language (`spelling`, `document`).
3. Files beside the agreement are written into it (`beside`).
4. Its parts agree with each other (`check`) and its shapes can exist (`possible`).
5. It follows the version it supersedes.
6. It becomes records (`build`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trucewatch.agreement.beside import inside, whole
from trucewatch.agreement.build import build
from trucewatch.agreement.check import contradictions, names_in
from trucewatch.agreement.document import Document
from trucewatch.agreement.possible import impossible
from trucewatch.agreement.problem import Flaw, Mark, Problem, TermError, located
from trucewatch.agreement.problem import Path as TermPath
from trucewatch.agreement.spelling import spelt
from trucewatch.agreement.terms import Agreement, Versions
from trucewatch.agreement.text import MAX_BYTES, Text, Tree, read_text
from trucewatch.errors import AgreementError

MAX_VERSIONS = 100


@dataclass(frozen=True, slots=True)
class _Studied:
    """One file: what it states, what it supersedes and what is wrong with it."""

    agreement: Agreement | None
    supersedes: str | None
    problems: tuple[Problem, ...]


def read_agreement(path: Path) -> Versions:
    """Every version of the agreement up to the one in ``path``, earliest first.

    Raises:
        AgreementError: if anything is wrong; the message lists every problem with
            file, line, section, what is wrong and what would be right.
    """
    versions, found = _read(path)
    if found:
        count = f"{len(found)} problem{'s' if len(found) > 1 else ''}"
        msg = "\n".join([f"the agreement has {count}:", *(str(p) for p in found)])
        raise AgreementError(msg)
    return versions


def problems(path: Path) -> tuple[Problem, ...]:
    """Everything that is wrong with an agreement file, in the order of the file."""
    return _read(path)[1]


def _read(path: Path) -> tuple[Versions, tuple[Problem, ...]]:
    """Follow ``supersedes`` back to the first version."""
    versions: list[Agreement] = []
    found: list[Problem] = []
    seen: set[Path] = set()
    following: Path | None = path
    while following is not None:
        studied = _study(following, versions[0] if versions else None)
        found += studied.problems
        seen.add(following.resolve())
        if studied.agreement is None or studied.supersedes is None:
            versions[:0] = [studied.agreement] if studied.agreement else []
            break
        versions.insert(0, studied.agreement)
        try:
            earlier = inside(following.parent, studied.supersedes)
        except TermError as error:
            found.append(_refused(following, error))
            break
        if earlier.resolve() in seen or len(seen) == MAX_VERSIONS:
            wrong = f"`{studied.supersedes}` is superseded by what it supersedes itself"
            right = "name the version before it"
            found.append(_refused(following, TermError(wrong, right)))
            break
        following = earlier
    return tuple(versions), tuple(found)


def _refused(path: Path, error: TermError) -> Problem:
    return Problem(str(path), 1, 1, "supersedes", error.wrong, error.right)


def _study(path: Path, later: Agreement | None) -> _Studied:
    """Everything one file states, given the version that supersedes it."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        wrong = f"the file cannot be read: {reason}"
        problem = Problem(str(path), 1, 1, "", wrong, "name a file that is there")
        return _Studied(None, None, (problem,))
    text = read_text(raw, str(path))
    if text.flaws and text.tree is None:
        return _Studied(None, None, _located(text.flaws, text.marks, text.tree))
    document, flaws = spelt(text.tree)
    flaws = [*text.flaws, *flaws]
    agreement = None
    marks = text.marks
    if document is not None:
        agreement, marks = _judged(document, text, path, flaws, later)
    superseded = document.supersedes if document else None
    return _Studied(agreement, superseded, _located(flaws, marks, text.tree))


def _judged(
    document: Document,
    text: Text,
    path: Path,
    flaws: list[Flaw],
    later: Agreement | None,
) -> tuple[Agreement | None, dict[TermPath, Mark]]:
    """The agreement, if nothing is wrong; else what is wrong is added to ``flaws``."""
    entire = whole(document, path.parent)
    flaws += entire.flaws
    names = names_in(text.tree, entire.document, entire.complete)
    flaws += contradictions(entire.document, names)
    flaws += impossible(entire.document)
    agreement = None if flaws else build(entire.document)
    if document.supersedes is not None and document.effective is None:
        wrong = "the file supersedes another and has no `effective` time"
        flaws.append(Flaw(("supersedes",), wrong, "say from when this version counts"))
    if agreement is not None and later is not None:
        flaws += _out_of_order(agreement, later)
    return agreement, {**text.marks, **_named(entire.marks, path)}


def _out_of_order(earlier: Agreement, later: Agreement) -> list[Flaw]:
    flaws = []
    if earlier.slug != later.slug:
        wrong = f"this is another agreement than `{later.slug}`, which supersedes it"
        flaws.append(Flaw(("agreement",), wrong, f"write {later.slug}"))
    if earlier.version == later.version:
        wrong = f"two versions are labelled `{later.version}`"
        flaws.append(Flaw(("version",), wrong, "give each version its own label"))
    if earlier.effective and later.effective and earlier.effective >= later.effective:
        wrong = "it takes effect no earlier than the version that supersedes it"
        flaws.append(Flaw(("effective",), wrong, "give an earlier time"))
    return flaws


def _named(marks: dict[TermPath, Mark], path: Path) -> dict[TermPath, Mark]:
    """Marks in files beside the agreement, called by their path from here."""
    return {
        at: Mark(str(path.parent / mark.file), mark.line, mark.column)
        for at, mark in marks.items()
    }


def _located(
    flaws: list[Flaw], marks: dict[TermPath, Mark], tree: Tree
) -> tuple[Problem, ...]:
    names = _entry_names(tree)
    found = {located(flaw, marks, names): None for flaw in flaws}
    return tuple(sorted(found, key=lambda p: (p.file, p.line, p.column, p.wrong)))


def _entry_names(tree: Tree) -> dict[TermPath, str]:
    """Ids of the entries of lists, by their path."""
    sections = tree.items() if isinstance(tree, dict) else ()
    return {
        (name, place): str(entry["id"])
        for name, section in sections
        if isinstance(section, list)
        for place, entry in enumerate(section)
        if isinstance(entry, dict) and entry.get("id")
    }
