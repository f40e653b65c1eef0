"""The front of a bulletin: what it is, what it cannot see, the numbers at a glance."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from trucewatch.share.bulletin import CoverageRow
from trucewatch.share.counts import FIRING
from trucewatch.share.page.dates import offset, period
from trucewatch.share.page.incidents import only_claimed
from trucewatch.share.page.model import Cell, Fact, Figure, Section
from trucewatch.share.page.readings import parted
from trucewatch.share.page.review import reviewed
from trucewatch.share.page.voice import Voice
from trucewatch.share.release import GRAINS
from trucewatch.share.words import BANDS


def facts(voice: Voice) -> tuple[Fact, ...]:
    """What the bulletin is about, and made of."""
    bulletin = voice.bulletin
    order = bulletin.order
    terms = voice.say(
        "fact.agreement_value",
        title=bulletin.agreement_title,
        version=bulletin.agreement_version,
        status=voice.text.code("status", bulletin.agreement_status),
    )
    zone = ZoneInfo(order.zone)
    ends = (one.astimezone(zone) for one in (order.period.begin, order.period.end))
    cutoff = f"{order.cutoff:%Y-%m-%d %H:%M}"
    found = [
        Fact(
            voice.say("fact.period"),
            voice.cell(
                "fact.local", time=period(*ends), zone=order.zone, offset=offset(order)
            ),
        ),
        Fact(voice.say("fact.cutoff"), voice.cell("fact.utc", time=cutoff)),
        Fact(voice.say("fact.agreement"), Cell(terms, quoted=True)),
    ]
    if bulletin.supersedes:
        earlier = Cell(bulletin.supersedes, tone="code")
        found.append(Fact(voice.say("fact.supersedes"), earlier))
    return tuple(found)


def signature(voice: Voice) -> tuple[Fact, ...]:
    """Where the signature stands, and over what."""
    bulletin = voice.bulletin
    root = Cell(bulletin.ledger_root, tone="code")
    where = Cell(voice.say("seal.where"), href="#method")
    return (
        Fact(voice.say("fact.reviewed"), reviewed(voice)),
        Fact(voice.say("fact.seal"), where),
        Fact(voice.say("fact.size"), voice.number(bulletin.ledger_size)),
        Fact(voice.say("fact.root"), root),
    )


def figures(voice: Voice) -> tuple[Figure, ...]:
    """The numbers a reader looks for first, what is only claimed apart.

    No zero stands alone: where nothing was recorded, its label says who watched.
    """
    counts = voice.bulletin.counts
    recorded, units = sum(c.incidents for c in counts), sum(c.units for c in counts)
    claimed = sum(one.claimed_incidents for one in counts)
    claimed_units = sum(one.claimed_units for one in counts)
    if recorded:
        found = [_figure(voice, "figure.incidents", recorded)]
    else:
        watched = "figure.watched" if voice.watched else "figure.unwatched"
        found = [Figure(voice.text.number(0), voice.say(watched))]
    if units:
        found.append(_figure(voice, "figure.units", units))
    elif recorded:
        found.append(Figure("–", voice.say("figure.uncounted")))
    if claimed:
        found.append(_figure(voice, "figure.claimed", claimed))
    if claimed_units:
        found.append(_figure(voice, "figure.claimed_units", claimed_units))
    return tuple(found)


def _figure(voice: Voice, key: str, n: int) -> Figure:
    return Figure(voice.text.number(n), voice.say(key, n))


def limits(voice: Voice) -> Section:
    """What this bulletin cannot see, before anything it says."""
    said = [voice.cell("limits.silence")]
    said += _blind(voice)
    said += [_grain(voice), voice.cell("limits.firing")]
    if voice.bulletin.firing_withheld:
        said.append(voice.cell("firing.withheld", voice.bulletin.firing_withheld))
    if voice.bulletin.order.stage.automatic:
        said.append(voice.cell("limits.automatic"))
    rejected = sum(one.rejected for one in voice.bulletin.deliveries)
    if rejected:
        said.append(voice.cell("limits.rejected", rejected))
    title = voice.say("section.limits")
    return Section("limits", title, tuple(said), tone="warning")


def glance(voice: Voice) -> Section:
    """What was recorded, sector by sector, and what silence there means."""
    rows = [one for one in voice.bulletin.counts if one.sector != FIRING]
    named = [one for one in rows if one.sector]
    said = [
        voice.cell("glance.some", one.incidents, sector=voice.sector(one.sector).text)
        if one.incidents
        else _silence(voice, one.sector)
        for one in named
    ]
    watched = voice.watched
    if not sum(one.incidents for one in voice.bulletin.counts):
        none = "glance.none" if watched else "glance.none_unwatched"
        said.insert(0, voice.cell(none))
    said.append(voice.cell("glance.beyond" if watched else "glance.beyond_unwatched"))
    said += _likelihoods(voice)
    if sum(one.claimed_incidents for one in voice.bulletin.counts):
        said.append(voice.cell("glance.claimed"))
    title = voice.say("section.glance")
    return Section("glance", title, (*parted(voice), *said))


def _likelihoods(voice: Voice) -> list[Cell]:
    """How many of the incidents shown are how likely to have happened."""
    words = [row.word for row in voice.bulletin.incidents if not only_claimed(row)]
    if not words:
        return []
    parts = (
        voice.say(
            "glance.word",
            word=voice.text.code("word", one.code),
            n=words.count(one.code),
        )
        for one in reversed(BANDS)
        if one.code in words
    )
    return [voice.cell("glance.likelihoods", words=", ".join(parts))]


def _silence(voice: Voice, sector: str) -> Cell:
    """What no incident in a sector means, from the procedure that watched best."""
    name = voice.sector(sector).text
    rows = [one for one in voice.bulletin.coverage if one.sector == sector]
    seen = [one for one in rows if one.p_detect > 0]
    if not seen:
        return Cell(voice.say("glance.unwatched", sector=name))
    best = max(seen, key=lambda one: (one.p_detect, one.procedure, one.act))
    return Cell(
        voice.say(
            "glance.watched",
            sector=name,
            act=voice.text.code("act", best.act),
            p=voice.text.percent(best.p_detect),
            procedure=voice.text.code("procedure", best.procedure),
            watched=voice.text.percent(best.watched_ratio),
        )
    )


def _blind(voice: Voice) -> list[Cell]:
    """What the procedures that prove no look delivered, and why that is no look.

    A procedure with a sentence of its own has it; others of one kind share one.
    """
    if not voice.bulletin.coverage:
        return [voice.cell("limits.nothing_watched")]
    said: list[Cell] = []
    shared: dict[str, list[str]] = {}
    for name, rows in _blind_rows(voice.bulletin.coverage):
        procedure = voice.text.code("procedure", name)
        n = max(one.observations for one in rows)
        looked = rows[0].watch == "not_watched" and any(
            one.acquisitions for one in rows
        )
        key = "blind.looked" if looked else f"blind.{rows[0].watch}"
        if f"{key}.{name}" in voice.text.entries:
            said.append(voice.cell(f"{key}.{name}", n, procedure=procedure))
        else:
            one = voice.say("blind.one", procedure=procedure, n=n) if n else procedure
            shared.setdefault(key, []).append(one)
    said += [voice.cell(key, those=", ".join(those)) for key, those in shared.items()]
    return said


def _blind_rows(
    coverage: tuple[CoverageRow, ...],
) -> list[tuple[str, list[CoverageRow]]]:
    by_name: dict[str, list[CoverageRow]] = {}
    for one in coverage:
        by_name.setdefault(one.procedure, []).append(one)
    return [
        (name, rows)
        for name, rows in sorted(by_name.items())
        if not any(one.watched_ratio > 0 for one in rows)
    ]


def _grain(voice: Voice) -> Cell:
    grain = GRAINS[voice.bulletin.order.release]
    cell_deg = f"{10.0**-grain.decimals:.{grain.decimals}f}"
    # A degree of latitude is 111 km.
    km = f"{111 * 10.0**-grain.decimals:.2g}"
    minutes = round(grain.time_s / 60)
    key = "limits.grain" if minutes < 60 else "limits.grain_hours"
    n = minutes if minutes < 60 else minutes // 60
    said = [voice.say(key, n, deg=cell_deg, km=km)]
    if not grain.names_sources:
        said.append(voice.say("limits.sources"))
    return Cell(" ".join(said))
