"""Incidents: an overview, then each with its evidence and its findings."""

from __future__ import annotations

from trucewatch.share.bulletin import FindingRow, IncidentRow, OriginRow
from trucewatch.share.page.model import Card, Cell, Fact, Section, Table
from trucewatch.share.page.voice import Voice

MOST_CARDS = 80  # on one page; the rest stand in the overview and the annex tables


def incidents(voice: Voice) -> Section:
    """All incidents with a place or without one, none that may be firing."""
    rows = voice.bulletin.incidents
    if not rows:
        none = voice.cell("incidents.none")
        return Section("incidents", voice.say("section.incidents"), (none,))
    numbered = list(enumerate(rows, start=1))
    full = _shown_in_full(rows)
    said = [voice.cell("incidents.intro")]
    if len(full) < len(rows):
        said.append(voice.cell("incidents.shortened", len(full)))
    head = "#no time where what #units exists terms grade"
    overview = [_overview(voice, n, row, linked=row.id in full) for n, row in numbered]
    return Section(
        anchor="incidents",
        title=voice.say("section.incidents"),
        paragraphs=tuple(said),
        tables=(voice.table("incidents", head, overview),),
        cards=tuple(_card(voice, n, row) for n, row in numbered if row.id in full),
    )


def firing(voice: Voice) -> Section:
    """What may be firing, by coarse cell and side; and how much is not shown yet."""
    paragraphs = [voice.cell("firing.intro")]
    withheld = voice.bulletin.firing_withheld
    if withheld:
        paragraphs.append(voice.cell("firing.withheld", withheld))
    rows = [
        (
            Cell(f"{one.lat_deg:.2f}°, {one.lon_deg:.2f}°"),
            Cell(f"{one.cell_deg:.2f}°", number=True),
            Cell(one.line, quoted=True) if one.line else voice.cell("side.unknown"),
            voice.code("held", one.held or "unknown"),
            voice.number(one.incidents),
            Cell(f"{one.p_mass:.1f}", number=True),
        )
        for one in voice.bulletin.firing
    ]
    if not rows:
        paragraphs.append(voice.cell("firing.none"))
    head = "cell #cell_size line side #incidents #mass"
    tables = (voice.table("firing", head, rows),) if rows else ()
    return Section("firing", voice.say("section.firing"), tuple(paragraphs), tables)


def units(voice: Voice, row: IncidentRow) -> str:
    """Counted units, as a range where they were counted differently."""
    if not row.units_high:
        return voice.say("units.uncounted")
    best = voice.text.number(row.units_best)
    if row.units_low == row.units_high:
        return best
    low, high = (voice.text.number(n) for n in (row.units_low, row.units_high))
    return voice.say("units.range", best=best, low=low, high=high)


def only_claimed(row: IncidentRow) -> bool:
    """Whether nothing but the word of parties speaks for it."""
    return all(one.claimed_by for one in row.origins)


def _shown_in_full(rows: tuple[IncidentRow, ...]) -> frozenset[str]:
    """Ids of the incidents with a card: inside some reading, grave, well founded."""

    def weight(row: IncidentRow) -> tuple[bool, str, float, str]:
        inside = any(one.standing == "inside" for one in row.findings)
        gravest = max((one.severity for one in row.findings), default="")
        return inside, gravest, row.p_exists, row.id

    heaviest = sorted(rows, key=weight, reverse=True)[:MOST_CARDS]
    return frozenset(one.id for one in heaviest)


def _overview(
    voice: Voice, n: int, row: IncidentRow, *, linked: bool
) -> tuple[Cell, ...]:
    return (
        Cell(str(n), number=True, href=f"#incident-{n}" if linked else ""),
        Cell(voice.time(row.begin, row.end)),
        voice.where(row),
        voice.code("act", row.acts[0]),
        Cell(units(voice, row), number=True),
        Cell(voice.likelihood(row.p_exists)),
        Cell(_inside(voice, row), quoted=True),
        _best_grade(voice, row),
    )


def _inside(voice: Voice, row: IncidentRow) -> str:
    """Readings under which the incident lies inside the terms."""
    inside = (one.reading for one in row.findings if one.standing == "inside")
    return ", ".join(dict.fromkeys(inside)) or voice.say("incidents.no_reading")


def _best_grade(voice: Voice, row: IncidentRow) -> Cell:
    """The grades its findings have, each once."""
    grades = tuple(dict.fromkeys(one.grade for one in row.findings))
    if len(grades) == 1:
        return voice.code("grade", grades[0])
    return Cell(", ".join(voice.text.code("grade", one) for one in grades) or "–")


def _card(voice: Voice, n: int, row: IncidentRow) -> Card:
    act = voice.text.code("act", row.acts[0])
    title = voice.say("incident.title", no=str(n), act=act, where=voice.where(row).text)
    return Card(
        anchor=f"incident-{n}",
        title=title,
        marks=_marks(voice, row),
        facts=_facts(voice, row),
        paragraphs=_sentences(voice, row),
        tables=(_origins(voice, row), *_findings(voice, row)),
        more=voice.say("incident.more"),
    )


def _marks(voice: Voice, row: IncidentRow) -> tuple[Cell, ...]:
    severities = sorted({one.severity for one in row.findings})
    grades = dict.fromkeys(one.grade for one in row.findings)
    marks = [voice.code("grade", one) for one in grades]
    marks += [voice.code("severity", one) for one in severities]
    return tuple(marks)


def _facts(voice: Voice, row: IncidentRow) -> tuple[Fact, ...]:
    acts = zip(row.acts, row.p_acts, strict=True)
    shares = ", ".join(
        f"{voice.text.code('act', act)} {voice.text.percent(p)}" for act, p in acts
    )
    facts = [
        Fact(voice.say("fact.name"), Cell(row.name, quoted=True, tone="code")),
        Fact(voice.say("fact.time"), Cell(voice.time(row.begin, row.end))),
        Fact(voice.say("fact.sector"), voice.sector(row.sector)),
        Fact(voice.say("fact.acts"), Cell(shares)),
        Fact(voice.say("fact.units"), Cell(units(voice, row))),
    ]
    if row.located == "point":
        major, minor = (f"{m / 1000:.1f}" for m in (row.semi_major_m, row.semi_minor_m))
        azimuth = f"{row.azimuth_deg:.0f}"
        said = voice.cell("fact.ellipse_value", major=major, minor=minor, az=azimuth)
        facts.append(Fact(voice.say("fact.ellipse"), said))
    return tuple(facts)


def _sentences(voice: Voice, row: IncidentRow) -> tuple[Cell, ...]:
    said = [voice.cell("incident.exists", likelihood=voice.likelihood(row.p_exists))]
    if only_claimed(row):
        said.append(voice.cell("incident.only_claimed"))
    said.append(voice.cell("incident.origins", len(row.origins)))
    if row.context:
        said.append(voice.cell("incident.context", row.context))
    if tested := [one.p_breach for one in row.findings if one.standing != "untestable"]:
        likelihood = voice.likelihood(min(tested), max(tested))
        said.append(voice.cell("incident.breach", likelihood=likelihood))
    said += [Cell(one) for one in _reasons(voice, row.findings)]
    return tuple(said)


def _reasons(voice: Voice, findings: tuple[FindingRow, ...]) -> tuple[str, ...]:
    """One sentence a reason, with the readings it holds under where not under all."""
    under: dict[str, dict[str, None]] = {}
    for finding in findings:
        for code in finding.reasons:
            under.setdefault(code, {})[finding.reading] = None
    every = {one.reading for one in findings}
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


def _origins(voice: Voice, row: IncidentRow) -> Table:
    rows = [_origin(voice, one) for one in row.origins]
    return voice.table("origins", "origin channel claimed #odds #detections", rows)


def _origin(voice: Voice, row: OriginRow) -> tuple[Cell, ...]:
    if row.claimed_by:
        claimed = voice.party(row.claimed_by)
    else:
        claimed = voice.cell("party.none")
    ratio = 10**row.log10_likelihood_ratio
    shown = f"{ratio:.2g}" if ratio < 10 else voice.text.number(round(ratio))
    return (
        Cell(row.label, quoted=True),
        voice.code("channel", row.channel),
        claimed,
        Cell(f"× {shown}", number=True),
        voice.number(row.detections),
    )


def _findings(voice: Voice, row: IncidentRow) -> tuple[Table, ...]:
    if not row.findings:
        return ()
    rows = [_finding(voice, one) for one in row.findings]
    head = "clause reading standing #p_act #p_zone #p_window #p_exempt breach grade"
    if not voice.bulletin.order.stage.automatic:
        head += " review attribution"
    return (voice.table("findings", head, rows),)


def _finding(voice: Voice, row: FindingRow) -> tuple[Cell, ...]:
    breach = voice.likelihood(row.p_breach)
    if 0 < row.p_without_strongest < row.p_breach:
        low = voice.text.percent(row.p_without_strongest)
        breach = voice.say("finding.without", breach=breach, low=low)
    cells = (
        Cell(row.clause, quoted=True),
        Cell(row.reading, quoted=True),
        voice.code("standing", row.standing),
        voice.percent(row.p_act),
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
    return voice.cell("review.done", verdict=verdict, automatic=automatic)


def _attribution(voice: Voice, row: FindingRow) -> Cell:
    status = voice.text.code("attribution", row.attribution)
    if not row.attributed_to:
        return Cell(status)
    party = voice.party(row.attributed_to).text
    return Cell(voice.say("attribution.to", status=status, party=party), quoted=True)
