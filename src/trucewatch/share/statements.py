"""What parties said, as a reviewed bulletin may print it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from trucewatch.collect.observation import Observation, Statement
from trucewatch.share.bulletin import Dossier, Order
from trucewatch.share.clean import clean, without_coordinates, without_name
from trucewatch.share.coarsen import widened
from trucewatch.share.release import GRAINS, Grain
from trucewatch.share.said import ContradictionRow, StatementRow
from trucewatch.share.select import Chosen

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")  # RFC 3986 §3.1


def contradiction_rows(
    chosen: Chosen, dossier: Dossier, order: Order
) -> tuple[ContradictionRow, ...]:
    """Contradictions of printed statements; none before review.

    The other side may be a printed statement, the agreement or an incident: what the
    terms say and what sensors saw is never withheld from whoever reads the claim.
    """
    if order.stage.automatic:
        return ()
    printed = {one.id for one in chosen.statements}
    rows = (
        ContradictionRow(
            one.disagreement.value, one.first, one.second, clean(one.about)
        )
        for one in dossier.contradictions
        if one.first in printed and (one.second in printed or not _is_said(one.second))
    )
    return tuple(sorted(rows, key=lambda r: (r.disagreement, r.first, r.second)))


def statement_rows(
    chosen: Chosen, dossier: Dossier, order: Order
) -> tuple[StatementRow, ...]:
    """Statements with what contradicts them; none before review.

    A speaker is a party of the agreement or nobody: names of persons stay in the
    ledger, in the quotation too. The path of an address may hold a name, so that
    only the cell is given it; everybody else reads the name of the outlet.
    """
    if order.stage.automatic:
        return ()
    against = _contradicted(contradiction_rows(chosen, dossier, order))
    parties = {one.id for one in chosen.agreement.parties}
    grain = GRAINS[order.release]
    return tuple(
        _row(one, one.result, parties, against.get(one.id, ()), grain)
        for one in chosen.statements
        if isinstance(one.result, Statement)
    )


def host(outlet: str) -> str:
    """The host of an address, with or without its scheme; other names as they are.

    An address whose host cannot be read has an empty one.
    """
    if _SCHEME.match(outlet):
        try:
            return urlsplit(outlet).hostname or ""
        except ValueError:  # a bracket that opens no IPv6 address
            return ""
    first = outlet.partition("/")[0]
    return first if "." in first and " " not in first else outlet


def _is_said(name: str) -> bool:
    return name.startswith("observation:")


def _contradicted(
    found: tuple[ContradictionRow, ...],
) -> dict[str, tuple[str, ...]]:
    pairs = sorted(
        pair
        for c in found
        if _is_said(c.second)
        for pair in ((c.first, c.second), (c.second, c.first))
    )
    against: dict[str, tuple[str, ...]] = {}
    for one, other in pairs:
        against[one] = (*against.get(one, ()), other)
    return against


def _row(
    seen: Observation,
    said: Statement,
    parties: set[str],
    against: tuple[str, ...],
    grain: Grain,
) -> StatementRow:
    time = widened(seen.result_time, grain.time_s)
    address = without_coordinates(clean(said.address))
    words = clean(said.words)
    if said.speaker not in parties:
        words = without_name(words, said.speaker)
    return StatementRow(
        id=seen.id,
        speaker=said.speaker if said.speaker in parties else "",
        against=said.against if said.against in parties else "",
        said=time.begin,
        said_end=time.end,
        what=said.kind.value,
        figures=tuple((clean(one.label), one.units) for one in said.figures),
        total=said.total,
        words=without_coordinates(words),
        outlet=host(clean(said.outlet)) or host(address),
        address=address if grain.names_sources else "",
        contradicted_by=against,
        total_at_least=said.total_at_least,
    )
