"""Statements set side by side, as a reviewed bulletin may print them.

Only statements that the bulletin prints are named. What persons are called stays in
the ledger: of another speaker it says that it is another, not who.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from trucewatch.collect.words import nameless
from trucewatch.fuse.lineage.lineage import Lineage
from trucewatch.grade.register import RegisterEntry, Report
from trucewatch.grade.renderings import Aspect, Difference
from trucewatch.share.bulletin import Dossier, Order
from trucewatch.share.clean import clean, without_coordinates
from trucewatch.share.said import (
    DifferenceRow,
    RegisterRow,
    ReportRow,
    SharedRow,
    StatementRow,
)
from trucewatch.share.select import Chosen

SEVERAL = 2  # statements, from which on something is shared
DOUBTFUL, ONE_ORIGIN, PRINTS = "doubtful", "one_origin", "prints"


def difference_rows(
    printed: tuple[StatementRow, ...], dossier: Dossier, order: Order
) -> tuple[DifferenceRow, ...]:
    """How prints of one statement differ; none before review."""
    if order.stage.automatic:
        return ()
    known = {one.id for one in printed}
    rows = {_difference(one) for one in dossier.differences if _within(one, known)}
    return tuple(sorted(rows, key=_rank))


def shared_rows(
    printed: tuple[StatementRow, ...], dossier: Dossier, order: Order
) -> tuple[SharedRow, ...]:
    """Which statements are one; none before review."""
    if order.stage.automatic:
        return ()
    outlets = {one.id: one.outlet for one in printed}
    rows = [
        _shared(PRINTS, one.prints, outlets, ())
        for one in dossier.renderings
        if len(_known(one.prints, outlets)) >= SEVERAL
    ]
    rows += [
        _shared(_why(one), one.members, outlets, _ties(one))
        for one in dossier.lineages
        if len(_known(one.members, outlets)) >= SEVERAL
    ]
    return tuple(sorted(rows, key=lambda row: (row.why, row.statements)))


def register_rows(
    printed: tuple[StatementRow, ...], chosen: Chosen, dossier: Dossier, order: Order
) -> tuple[RegisterRow, ...]:
    """Subjects of the agreement as statements hold them; none before review."""
    if order.stage.automatic:
        return ()
    outlets = {one.id: one.outlet for one in printed}
    parties = {one.id for one in chosen.agreement.parties}
    rows = (_entry(one, outlets, parties) for one in dossier.register)
    return tuple(sorted((r for r in rows if r.reports), key=lambda row: row.topic))


def _within(one: Difference, known: Collection[str]) -> bool:
    return one.first in known and one.second in known


def _rank(row: DifferenceRow) -> tuple[object, ...]:
    says = (row.first_says, row.second_says)
    return row.nature, row.aspect, row.first, row.second, says


def _difference(one: Difference) -> DifferenceRow:
    hidden = one.aspect is Aspect.SPEAKER  # a name of a person, or a print that hides
    says = [
        "" if hidden else _safe(text, quoted=one.aspect is Aspect.WORDING)
        for text in (one.first_says, one.second_says)
    ]
    return DifferenceRow(
        nature=one.nature.value,
        aspect=one.aspect.value,
        first=one.first,
        second=one.second,
        first_says=says[0],
        second_says=says[1],
    )


def _safe(text: str, *, quoted: bool) -> str:
    words = nameless(text) if quoted else text
    return without_coordinates(clean(words))


def _known(names: Collection[str], outlets: dict[str, str]) -> list[str]:
    return [name for name in names if name in outlets]


def _shared(
    why: str,
    names: Collection[str],
    outlets: dict[str, str],
    ties: tuple[str, ...],
) -> SharedRow:
    known = _known(names, outlets)
    printers = sorted({outlets[name] for name in known} - {""})
    return SharedRow(why, tuple(known), tuple(printers), ties)


def _why(one: Lineage) -> str:
    return DOUBTFUL if one.doubtful else ONE_ORIGIN


def _ties(one: Lineage) -> tuple[str, ...]:
    return tuple(sorted({link.tie.value for link in one.links}))


def _entry(
    one: RegisterEntry, outlets: dict[str, str], parties: Collection[str]
) -> RegisterRow:
    reports = [
        report
        for report in (*one.promises, *one.facts, *one.positions)
        if report.statement in outlets
    ]
    at = {report: number for number, report in enumerate(reports)}
    return RegisterRow(
        topic=one.topic,
        by=tuple(name for name in one.by if name in parties),
        domains=tuple(domain.value for domain in one.domains),
        reports=tuple(_reports(reports, outlets, parties)),
        conflicts=tuple(
            (c.about.value, at[c.first], at[c.second])
            for c in one.conflicts
            if c.first in at and c.second in at
        ),
    )


def _reports(
    reports: list[Report], outlets: dict[str, str], parties: Collection[str]
) -> Iterator[ReportRow]:
    for one in reports:
        yield ReportRow(
            statement=one.statement,
            what=one.kind.value,
            by=one.by if one.by in parties else "",
            outlet=outlets[one.statement],
            begin=one.span.begin,
            end=one.span.end,
            condition=_safe(one.condition, quoted=True),
        )
