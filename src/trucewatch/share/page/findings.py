"""What follows for an incident from each clause under each reading."""

from __future__ import annotations

from trucewatch.share.bulletin import FindingRow, IncidentRow
from trucewatch.share.page.model import Cell, Table
from trucewatch.share.page.standing import STANDINGS
from trucewatch.share.page.voice import Voice


def findings(voice: Voice, row: IncidentRow) -> tuple[Table, ...]:
    """One row a clause and way of standing, with all readings it is so under."""
    if not row.findings:
        return ()
    under: dict[tuple[Cell, tuple[Cell, ...]], list[str]] = {}
    for one in sorted(row.findings, key=_place_in_table):
        key = (Cell(one.clause, quoted=True), _cells(voice, one))
        under.setdefault(key, []).append(one.reading)
    rows = [
        (clause, Cell(", ".join(ids), quoted=True), *cells)
        for (clause, cells), ids in under.items()
    ]
    asked = "#p_act #p_deed #p_zone #p_window #p_exempt"
    head = f"clause reading standing {asked} breach grade"
    if not voice.bulletin.order.stage.automatic:
        head += " review attribution"
    return (voice.table("findings", head, rows),)


def moved(voice: Voice, row: IncidentRow) -> tuple[Table, ...]:
    """What moved the odds of the likeliest breach: each step, and all together."""
    best = max(row.findings, key=lambda one: (one.p_breach, one.id), default=None)
    if best is None or not best.moved:
        return ()
    labels = {one.label for one in row.origins}
    rows = [
        (
            Cell(one.what, quoted=True)
            if one.what in labels
            else voice.code("moved", one.what),
            Cell(f"{one.log10_odds:+.1f}", number=True),
        )
        for one in best.moved
    ]
    total = sum(one.log10_odds for one in best.moved)
    rows.append((voice.code("moved", "total"), Cell(f"{total:+.1f}", number=True)))
    return (voice.table("moved", "moved #decades", rows),)


def breaches(voice: Voice, rows: tuple[FindingRow, ...]) -> tuple[str, ...]:
    """How likely a breach is, reading by reading; never one number over readings."""
    highest: dict[str, float] = {}
    for one in rows:
        if one.standing != "untestable":
            highest[one.reading] = max(one.p_breach, highest.get(one.reading, 0.0))
    under: dict[float, list[str]] = {}
    for reading, p in highest.items():
        under.setdefault(p, []).append(reading)
    return tuple(
        voice.say(
            "incident.breach",
            readings=", ".join(under[p]),
            likelihood=voice.likelihood(p),
        )
        for p in sorted(under, reverse=True)
    )


def reasons(voice: Voice, rows: tuple[FindingRow, ...]) -> tuple[str, ...]:
    """One sentence a reason, with the readings it holds under where not under all."""
    under: dict[str, dict[str, None]] = {}
    for finding in rows:
        for code in finding.reasons:
            under.setdefault(code, {})[finding.reading] = None
    every = {one.reading for one in rows}
    return tuple(
        voice.say("reasons.all", reason=voice.text.code("reason", code))
        if readings.keys() == every
        else voice.say(
            "reasons.some",
            reason=voice.text.code("reason", code),
            readings=", ".join(readings),
        )
        for code, readings in under.items()
    )


def _place_in_table(row: FindingRow) -> tuple[int, str, str]:
    """Clauses and readings in order, what stands inside the terms first."""
    return STANDINGS.index(row.standing), row.clause, row.reading


def _cells(voice: Voice, row: FindingRow) -> tuple[Cell, ...]:
    breach = voice.between(row.p_breach, row.p_breach_low, row.p_breach_high)
    if 0 < row.p_without_strongest < row.p_breach:
        low = voice.text.percent(row.p_without_strongest)
        breach = voice.say("finding.without", breach=breach, low=low)
    cells = (
        voice.standing(row.standing),
        voice.percent(row.p_act),
        voice.percent(row.p_deed),
        voice.percent(row.p_zone),
        voice.percent(row.p_window),
        voice.percent(row.p_exempt),
        Cell(breach),
        voice.code("grade", row.grade),
    )
    if voice.bulletin.order.stage.automatic:
        return cells
    return (*cells, _review(voice, row), _attribution(voice, row))


def _review(voice: Voice, row: FindingRow) -> Cell:
    if not row.verdict:
        return voice.cell("review.none")
    automatic = voice.text.code("grade", row.grade_automatic)
    verdict = voice.text.code("verdict", row.verdict)
    done = voice.say("review.done", verdict=verdict, automatic=automatic)
    if not row.reviewer_reason:
        return Cell(done)
    said = voice.say("review.because", review=done, reason=row.reviewer_reason)
    return Cell(said, quoted=True)


def _attribution(voice: Voice, row: FindingRow) -> Cell:
    status = voice.text.code("attribution", row.attribution)
    if not row.attributed_to:
        return Cell(status)
    party = voice.party(row.attributed_to).text
    return Cell(voice.say("attribution.to", status=status, party=party), quoted=True)
