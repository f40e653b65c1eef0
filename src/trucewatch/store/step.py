"""What a verification is made of: numbered steps, and what they pass on."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from trucewatch.store.note import PublicKey

MOST_PROBLEMS = 20  # listed for one step; the others are counted


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step of a verification and what it found wrong."""

    number: int
    title: str
    ok: bool
    problems: tuple[str, ...]


@dataclass(slots=True)
class Seen:
    """What earlier steps found, for later ones; about 250 bytes for each record.

    Attributes:
        key: ``None`` where it could not be read.
        origin: of the checkpoint, as are ``size`` and ``root``.
        places: place in the log by record id, in log order.
        leaves: hash of each entry.
        where: pack, offset and length of each record, three numbers each.
        sources: record that derives, what it derives from.
        cited: blob hashes that records cite, with the record.
        blobs: hashes of the blobs there.
        arrived: hashes of the blobs that custody knows.
    """

    folder: Path
    trusted: PublicKey | None = None
    key: PublicKey | None = None
    origin: str = ""
    size: int = 0
    root: bytes = b""
    places: dict[str, int] = field(default_factory=dict)
    leaves: list[bytes] = field(default_factory=list)
    where: array[int] = field(default_factory=lambda: array("Q"))
    untraceable: list[str] = field(default_factory=list)
    cited: dict[str, str] = field(default_factory=dict)
    blobs: set[str] = field(default_factory=set)
    arrived: set[str] = field(default_factory=set)


S = TypeVar("S", bound=Seen)
Check = Callable[[S], Iterator[str]]
Checks = tuple[tuple[str, Check[S]], ...]  # titles and what is done under them


def steps(checks: Checks[S], seen: S) -> tuple[Step, ...]:
    """Each check carried out in turn, and numbered."""
    found = []
    for number, (title, check) in enumerate(checks, start=1):
        problems = list(_guarded(check, seen))
        more = len(problems) - MOST_PROBLEMS
        if more > 0:
            problems[MOST_PROBLEMS:] = [f"and {more} more"]
        found.append(Step(number, title, not problems, tuple(problems)))
    return tuple(found)


def naming_key(found: tuple[Step, ...], seen: Seen) -> tuple[Step, ...]:
    """The first step says whose key it is about, and whether it was the trusted one."""
    first, *others = found
    if seen.trusted is not None:
        title = f"{first.title}, and is the trusted one"
    elif seen.key is not None:
        title = f"{first.title}: {seen.key} (compare it with one you trust)"
    else:
        title = first.title
    return (replace(first, title=title), *others)


def _guarded(check: Check[S], seen: S) -> Iterator[str]:
    """The problems of one check, its own failing among them."""
    try:
        yield from check(seen)
    except OSError as error:
        name = Path(str(error.filename)).name
        yield f"{name} cannot be read: {error.strerror}"
    except (ArithmeticError, LookupError, RecursionError) as error:
        yield f"the step cannot be carried out: {error!r}"
    except (TypeError, ValueError, sqlite3.Error) as error:
        yield f"the step cannot be carried out: {error}"
