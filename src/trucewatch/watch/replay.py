"""Replay: make a bulletin again from nothing but the ledger, and compare.

1. find     the bulletin, the picture it was made from, and that picture's plan,
            terms, settings and deliveries
2. read     the deliveries again, from the bytes they came in
3. draw     the picture again; its id must be the same
4. compose  the bulletin again, with the decisions logged; its id must be the same
5. render   every file again; each must be equal byte for byte

Step 5 needs the published folder; without it the files are rendered all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from trucewatch.agreement.terms import Agreement
from trucewatch.collect.delivery import Delivery
from trucewatch.errors import LedgerError
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.track import TrackRecord
from trucewatch.grade.settings import GradeSettings
from trucewatch.record import Record, RecordId
from trucewatch.review.decision import Decision
from trucewatch.review.joining import JoinDecision
from trucewatch.share.bulletin import Bulletin, File
from trucewatch.share.compose import compose
from trucewatch.store.reader import Reader
from trucewatch.watch.issue import dossier_of, rendered, sources
from trucewatch.watch.picture import Drawn, Known, Method, Picture, draw, known_at
from trucewatch.watch.plan import Plan
from trucewatch.watch.run import decisions_on, read_all

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found; ``problems`` is empty when everything was equal."""

    bulletin: Bulletin
    files: tuple[File, ...]
    problems: tuple[str, ...]


def replay(
    ledger: Reader, bulletin_id: str, formats: Iterable[str], published: Path | None
) -> Replayed:
    """Make one bulletin again and compare it with what was logged and published.

    Raises:
        LedgerError: if the ledger lacks the bulletin or something it derives from.
    """
    bulletin = _one(ledger, bulletin_id, Bulletin)  # 1
    picture = _source(ledger, bulletin, Picture)
    method = _method(ledger, picture)
    drawn, known = _drawn_again(ledger, picture, method)  # 2, 3
    problems = []
    if drawn.picture.id != picture.id:
        problems.append(f"the picture came out as {drawn.picture.id}, not {picture.id}")
    made = _composed_again(ledger, bulletin, method, drawn, known)  # 4
    if made.id != bulletin.id:
        problems.append(f"the bulletin came out as {made.id}, not {bulletin.id}")
    files = rendered(made, tuple(formats))  # 5
    if published is not None:
        problems.extend(_different(files, published))
    return Replayed(made, files, tuple(problems))


def find(ledger: Reader, wanted: str) -> RecordId:
    """The id of the one bulletin a (shortened) id names.

    Raises:
        LedgerError: if none or several fit.
    """
    digest = wanted.removeprefix("bulletin:")
    fits = [
        b for b in ledger.records(Bulletin) if b.id.split(":")[1].startswith(digest)
    ]
    if len(fits) != 1:
        known = "\n  ".join(
            f"{b.id[:21]} {b.name} {b.order.stage} {b.order.release}"
            for b in (fits or ledger.records(Bulletin))
        )
        msg = f"{len(fits)} bulletins fit {wanted!r}; the ledger holds:\n  {known}"
        raise LedgerError(msg)
    return fits[0].id


def _method(ledger: Reader, picture: Picture) -> Method:
    plan = _source(ledger, picture, Plan)
    versions = tuple(_one(ledger, one, Agreement) for one in plan.derived_from)
    fusion = _source(ledger, picture, FusionSettings)
    named = [one for one in picture.derived_from if one.startswith("trackrecord:")]
    track = _one(ledger, named[0], TrackRecord) if named else None
    grading = _source(ledger, picture, GradeSettings)
    joins = tuple(
        _one(ledger, one, JoinDecision)
        for one in picture.derived_from
        if one.startswith("joindecision:")
    )
    return Method(plan, versions, fusion, grading, track, joins)


def _drawn_again(
    ledger: Reader, picture: Picture, method: Method
) -> tuple[Drawn, Known]:
    deliveries = [
        _one(ledger, one, Delivery)
        for one in picture.derived_from
        if one.startswith("delivery:")
    ]
    read = list(read_all(ledger, deliveries, None))
    since = picture.day.begin - timedelta(seconds=method.plan.horizon_s)
    known = known_at(read, picture.cutoff, since)
    return draw(known, method, picture.day, picture.cutoff), known


def _composed_again(
    ledger: Reader, bulletin: Bulletin, method: Method, drawn: Drawn, known: Known
) -> Bulletin:
    used = set(bulletin.derived_from)
    decided = [one for one in ledger.records(Decision) if one.id in used]
    previous = next(
        (
            _one(ledger, one, Bulletin)
            for one in bulletin.derived_from
            if one.startswith("bulletin:")
        ),
        None,
    )
    dossier = dossier_of(method, drawn, known, decisions_on(drawn, decided))
    made = compose(
        dossier, bulletin.order, previous, bulletin.ledger_size, bulletin.ledger_root
    )
    return replace(made, derived_from=sources(drawn.picture, dossier, previous))


def _source(ledger: Reader, record: Record, kind: type[R]) -> R:
    prefix = f"{kind.__name__.lower()}:"
    found = [one for one in record.derived_from if one.startswith(prefix)]
    if not found:
        msg = f"{record.id} names no {kind.__name__} it derives from"
        raise LedgerError(msg)
    return _one(ledger, found[0], kind)


def _one(ledger: Reader, wanted: str, kind: type[R]) -> R:
    record = ledger.record(RecordId(wanted))
    if not isinstance(record, kind):
        msg = f"{wanted} is no {kind.__name__}"
        raise LedgerError(msg)
    return record


def _different(files: Iterable[File], published: Path) -> Iterable[str]:
    for one in files:
        path = published / one.name
        if not path.is_file():
            yield f"{one.name} was not published"
        elif path.read_bytes() != one.data:
            found = sha256(path.read_bytes()).hexdigest()
            yield f"{one.name} differs: published {found}"
