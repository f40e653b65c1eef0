"""Incidents: an overview, then each with its evidence and its findings."""

from __future__ import annotations

from urllib.parse import quote

from trucewatch.share.bulletin import MAP_FILE, IncidentRow, OriginRow
from trucewatch.share.page.findings import breaches, findings, moved, reasons
from trucewatch.share.page.model import Card, Cell, Fact, Section, Table
from trucewatch.share.page.standing import MARKS, STANDINGS, standing
from trucewatch.share.page.voice import Voice

MOST_CARDS = 80  # on one page; the rest stand in the overview and the annex tables


def anchor(row: IncidentRow) -> str:
    """Where an incident stands on the page: by the name it keeps."""
    return f"incident-{quote(row.name)}"


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
        Cell(str(n), number=True, href=f"#{anchor(row)}" if linked else ""),
        voice.when(row.begin, row.end),
        voice.where(row),
        voice.code("act", row.acts[0]),
        Cell(units(voice, row), number=True),
        Cell(voice.between(row.p_exists, row.p_exists_low, row.p_exists_high)),
        _standings(voice, row),
        _best_grade(voice, row),
    )


def _standings(voice: Voice, row: IncidentRow) -> Cell:
    """How the incident stands, and under which readings where they differ."""
    under: dict[str, list[str]] = {}
    for one in voice.bulletin.readings:
        under.setdefault(standing(row, one.id), []).append(one.id)
    if len(under) == 1:
        (code,) = under
        return voice.standing(code)
    parts = (
        f"{MARKS[code]} {voice.say(f'stands.{code}')}: {', '.join(under[code])}"
        for code in STANDINGS
        if code in under
    )
    return Cell("; ".join(parts), quoted=True)


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
        anchor=anchor(row),
        title=title,
        marks=_marks(voice, row),
        facts=_facts(voice, row),
        paragraphs=_sentences(voice, row),
        tables=(_origins(voice, row), *findings(voice, row), *moved(voice, row)),
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
        Fact(voice.say("fact.name"), _name(row)),
        Fact(voice.say("fact.time"), voice.when(row.begin, row.end)),
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


def _name(row: IncidentRow) -> Cell:
    """The stable name, leading to the incident on the map."""
    href = f"{MAP_FILE}#{quote(row.name)}"
    return Cell(row.name, quoted=True, tone="code", href=href)


def _sentences(voice: Voice, row: IncidentRow) -> tuple[Cell, ...]:
    likelihood = voice.between(row.p_exists, row.p_exists_low, row.p_exists_high)
    said = [voice.cell("incident.exists", likelihood=likelihood)]
    if only_claimed(row):
        said.append(voice.cell("incident.only_claimed"))
    said.append(voice.cell("incident.origins", len(row.origins)))
    if row.context:
        said.append(voice.cell("incident.context", row.context))
    said += [Cell(one) for one in breaches(voice, row.findings)]
    said += [Cell(one) for one in reasons(voice, row.findings)]
    return tuple(said)


def _origins(voice: Voice, row: IncidentRow) -> Table:
    rows = [_origin(voice, one) for one in row.origins]
    return voice.table("origins", "origin channel claimed #odds #detections", rows)


def _origin(voice: Voice, row: OriginRow) -> tuple[Cell, ...]:
    if row.claimed_by:
        claimed = voice.party(row.claimed_by)
    else:
        claimed = voice.cell("party.none")
    ratio = 10**row.log10_likelihood_ratio
    shown = (
        f"{ratio:.2g}" if ratio < 10 else voice.text.number(int(float(f"{ratio:.1e}")))
    )
    return (
        Cell(row.label, quoted=True),
        voice.code("channel", row.channel),
        claimed,
        Cell(f"× {shown}", number=True),
        voice.number(row.detections),
    )
