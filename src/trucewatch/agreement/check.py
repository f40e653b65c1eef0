"""What the parts of a document say about each other: every contradiction is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from zoneinfo import ZoneInfo

from trucewatch.agreement.dates import read_window
from trucewatch.agreement.document import (
    ClauseText,
    Document,
    Entry,
    ReadingText,
    WindowLine,
    ZoneText,
)
from trucewatch.agreement.problem import Flaw, Path, TermError
from trucewatch.agreement.spelling import STAND_IN
from trucewatch.agreement.terms import Window
from trucewatch.agreement.text import Tree

_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
_LATEST = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Names:
    """The ids a file declares, also those of entries that are themselves wrong.

    Attributes:
        lists: names of lists of sites; ``None`` where a file of sites is unreadable.
    """

    parties: frozenset[str]
    lines: frozenset[str]
    zones: frozenset[str]
    clauses: frozenset[str]
    lists: frozenset[str] | None


def names_in(tree: Tree, document: Document, complete: bool) -> Names:
    """The ids declared in the tree as written, and the lists its sites stand on."""
    body = tree if isinstance(tree, dict) else {}
    lists = {one for site in document.sites for one in site.lists}
    return Names(
        parties=_keys(body.get("parties")) | {STAND_IN},
        lines=_keys(body.get("lines")),
        zones=_keys(body.get("zones")),
        clauses=_ids(body.get("clauses")) | {STAND_IN},
        lists=frozenset(lists) if complete else None,
    )


def contradictions(document: Document, names: Names) -> Iterator[Flaw]:
    """Every way in which one part of the document denies or misses another."""
    yield from _repeated_ids(document)
    yield from _unknown_parties(document, names)
    yield from _lines(document)
    for zone_id, zone in document.zones.items():
        yield from _zone(("zones", zone_id), zone, document, names)
    yield from _circles(document)
    for place, clause in enumerate(document.clauses):
        yield from _clause(("clauses", place), clause, names)
    for place, reading in enumerate(document.readings):
        yield from _reading(("readings", place), reading, document, names)
    yield from _rival_readings(document)
    for place, exemption in enumerate(document.exemptions):
        path: Path = ("exemptions", place, "where")
        yield from _unknown(path, exemption.where, names.zones, "zone")


def _repeated_ids(document: Document) -> Iterator[Flaw]:
    sections: dict[str, tuple[Entry, ...]] = {
        "sites": document.sites,
        "clauses": document.clauses,
        "readings": document.readings,
        "exemptions": document.exemptions,
        "consultation": document.consultation,
        "commitments": document.commitments,
    }
    for section, entries in sections.items():
        seen: set[str] = set()
        for place, entry in enumerate(entries):
            if entry.id in seen:
                wrong = f"the id `{entry.id}` is used twice"
                yield Flaw((section, place), wrong, "give each its own id")
            seen.add(entry.id)


def _unknown_parties(document: Document, names: Names) -> Iterator[Flaw]:
    used: list[tuple[Path, tuple[str, ...]]] = [
        *((("clauses", n, "binds"), c.binds) for n, c in enumerate(document.clauses)),
        *(
            (("readings", n, "held_by"), r.held_by)
            for n, r in enumerate(document.readings)
        ),
        *(
            (("consultation", n, "notify"), r.notify)
            for n, r in enumerate(document.consultation)
        ),
        *((("commitments", n, "by"), c.by) for n, c in enumerate(document.commitments)),
        *((("lines", k, "sides"), tuple(x.sides)) for k, x in document.lines.items()),
    ]
    for path, ids in used:
        yield from _unknown(path, ids, names.parties, "party")


def _lines(document: Document) -> Iterator[Flaw]:
    for line_id, line in document.lines.items():
        path: Path = ("lines", line_id, "sides")
        possible = ("left", "right") if line.path is not None else ("inside", "rest")
        for party, held in line.sides.items():
            if held not in possible:
                kind = "path" if line.path is not None else "border of areas"
                wrong = f"a {kind} has no side `{held}`"
                right = f"write {possible[0]} or {possible[1]}"
                yield Flaw((*path, party), wrong, right)
        for held, count in Counter(line.sides.values()).items():
            if count > 1:
                wrong = f"{' and '.join(line.sides)} both hold `{held}`"
                yield Flaw(path, wrong, "give each side its own part")


def _zone(
    path: Path, zone: ZoneText, document: Document, names: Names
) -> Iterator[Flaw]:
    floor_m, ceiling_m = zone.floor_m, zone.ceiling_m
    if floor_m is not None and ceiling_m is not None and ceiling_m <= floor_m:
        wrong = f"the ceiling ({ceiling_m:g} m) is not above the floor"
        yield Flaw((*path, "ceiling_m"), wrong, f"write more than {floor_m:g}")
    if zone.near_line is not None:
        near: Path = (*path, "near_line")
        side = zone.near_line.side or ""
        yield from _line_and_side(near, zone.near_line.line, side, document, names)
    if zone.side_of is not None:
        beside, side = zone.side_of, zone.side_of.side
        at: Path = (*path, "side_of")
        yield from _line_and_side(at, beside.line, side, document, names)
    if zone.near_sites is not None:
        at = (*path, "near_sites", "sites")
        yield from _unknown_list(at, zone.near_sites.sites, names)
    yield from _unknown(path, _parts(zone), names.zones, "zone")


def _line_and_side(
    path: Path, line_id: str, side: str, document: Document, names: Names
) -> Iterator[Flaw]:
    yield from _unknown((*path, "line"), (line_id,), names.lines, "line")
    line = document.lines.get(line_id)
    if side and line is not None and side not in line.sides:
        wrong = f"`{side}` holds no side of the line `{line_id}`"
        yield Flaw((*path, "side"), wrong, _one_of(line.sides))


def _parts(zone: ZoneText) -> tuple[str, ...]:
    """The zones another zone is made of."""
    parts = (*(zone.all_of or ()), *(zone.any_of or ()))
    if zone.except_ is not None:
        parts = (*parts, zone.except_.zone, *zone.except_.without)
    return parts


def _circles(document: Document) -> Iterator[Flaw]:
    parts = {zone_id: _parts(zone) for zone_id, zone in document.zones.items()}
    for zone_id in parts:
        reached: set[str] = set()
        ahead = list(parts[zone_id])
        while ahead:
            step = ahead.pop()
            ahead += parts.get(step, ()) if step not in reached else ()
            reached.add(step)
        if zone_id in reached:
            wrong = f"the zone `{zone_id}` is made of itself"
            yield Flaw(("zones", zone_id), wrong, "begin from zones with a shape")


def _clause(path: Path, clause: ClauseText, names: Names) -> Iterator[Flaw]:
    yield from _unknown((*path, "where"), clause.where, names.zones, "zone")
    if clause.sites is not None:
        yield from _unknown_list((*path, "sites"), clause.sites, names)


def _reading(
    path: Path, reading: ReadingText, document: Document, names: Names
) -> Iterator[Flaw]:
    yield from _windows((*path, "in_force"), reading.in_force, document)
    if reading.stance == "rejected" and reading.in_force:
        wrong = f"the reading `{reading.id}` rejects the terms and has them in force"
        yield Flaw((*path, "in_force"), wrong, "write `in_force: []`")
    changed: set[str] = set()
    for place, change in enumerate(reading.changes):
        at: Path = (*path, "changes", place)
        ids = (change.clause,)
        yield from _unknown((*at, "clause"), ids, names.clauses, "clause")
        yield from _unknown((*at, "where"), change.where or (), names.zones, "zone")
        if change.sites is not None:
            yield from _unknown_list((*at, "sites"), change.sites, names)
        yield from _windows((*at, "in_force"), change.in_force or (), document)
        if change.clause in changed:
            wrong = f"the clause `{change.clause}` is changed twice in one reading"
            yield Flaw(at, wrong, "make it one change")
        changed.add(change.clause)


def _windows(
    path: Path, lines: tuple[WindowLine, ...], document: Document
) -> Iterator[Flaw]:
    known: list[tuple[str, Window]] = []
    for place, line in enumerate(lines):
        window = _window(line, document)
        if isinstance(window, TermError):
            yield Flaw((*path, place, "window"), window.wrong, window.right)
            continue
        for other, earlier in known:
            if _share_time(window, earlier):
                wrong = f"the windows `{other}` and `{line.window}` overlap"
                yield Flaw((*path, place), wrong, "join them, or part them")
        known.append((line.window, window))


def _rival_readings(document: Document) -> Iterator[Flaw]:
    """Two readings of one holder that are in force at one time contradict.

    A holder that itself said two things is recorded with the stance ``disputed``.
    """
    for (_, first), (place, second) in combinations(enumerate(document.readings), 2):
        both = set(first.held_by) & set(second.held_by)
        if not both or "disputed" in (first.stance, second.stance):
            continue
        if any(
            _share_time(a, b)
            for a in _sound_windows(first, document)
            for b in _sound_windows(second, document)
        ):
            who = ", ".join(sorted(both))
            wrong = f"{who} holds `{first.id}` and `{second.id}` at the same time"
            right = "part their windows, join them, or mark one `stance: disputed`"
            yield Flaw(("readings", place), wrong, right)


def _sound_windows(reading: ReadingText, document: Document) -> list[Window]:
    found = (_window(line, document) for line in reading.in_force)
    return [window for window in found if isinstance(window, Window)]


def _window(line: WindowLine, document: Document) -> Window | TermError:
    """The window in its zone, which can still put its end first."""
    zone = ZoneInfo(line.zone or document.local_zone)
    try:
        return read_window(line.window, zone, line.stated)
    except TermError as error:
        return error


def _share_time(first: Window, second: Window) -> bool:
    """Whether two windows overlap even if each edge lies where they overlap least."""
    begins = [w.begin.end if w.begin else _EARLIEST for w in (first, second)]
    ends = [w.end.begin if w.end else _LATEST for w in (first, second)]
    return max(begins) < min(ends)


def _unknown(
    path: Path, ids: Iterable[str], known: frozenset[str], kind: str
) -> Iterator[Flaw]:
    for one in ids:
        if one not in known:
            right = _one_of(known - {STAND_IN}, f"declare the {kind}")
            yield Flaw(path, f"there is no {kind} `{one}`", right)


def _unknown_list(path: Path, name: str, names: Names) -> Iterator[Flaw]:
    if names.lists is not None:
        yield from _unknown(path, (name,), names.lists, "list of sites")


def _one_of(known: Iterable[str], otherwise: str = "give the line sides") -> str:
    listed = ", ".join(sorted(known))
    return f"write one of {listed}" if listed else otherwise


def _keys(tree: Tree) -> frozenset[str]:
    return frozenset(tree) if isinstance(tree, dict) else frozenset()


def _ids(tree: Tree) -> frozenset[str]:
    entries = [one for one in tree if isinstance(one, dict)] if tree else []
    return frozenset(str(entry.get("id")) for entry in entries)
