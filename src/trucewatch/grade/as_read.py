"""The clauses of an agreement as each reading has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from trucewatch.agreement.terms import Agreement, Clause, ReadClause, Reading
from trucewatch.collect.observation import Observation
from trucewatch.grade.causes import Causes
from trucewatch.grade.rule import Question
from trucewatch.grade.settings import GradeSettings


def questions(
    agreement: Agreement,
    clause: Clause,
    notices: Sequence[Observation],
    settings: GradeSettings,
    causes: Causes | None = None,
) -> Iterator[Question]:
    """One question per reading about one clause, in the order of the agreement."""
    for reading in agreement.readings:
        change = _change(reading, clause)
        windows = reading.windows
        if change and change.windows is not None:
            windows = change.windows
        applies = change.applies if change else True
        yield Question(
            agreement=agreement,
            reading=reading.id,
            clause=_changed(clause, change) if change else clause,
            windows=windows if applies else (),
            applies=applies,
            notices=tuple(notices),
            settings=settings,
            causes=causes or {},
        )


def _change(reading: Reading, clause: Clause) -> ReadClause | None:
    return next((one for one in reading.changes if one.clause == clause.id), None)


def _changed(clause: Clause, change: ReadClause) -> Clause:
    return replace(
        clause,
        prohibits=clause.prohibits if change.prohibits is None else change.prohibits,
        where=clause.where if change.where is None else change.where,
        sites=clause.sites if change.sites is None else change.sites,
    )
