"""The front of a bulletin: what it is, what it cannot see, the numbers at a glance."""

from __future__ import annotations

from trucewatch.share.bulletin import CoverageRow
from trucewatch.share.counts import FIRING
from trucewatch.share.page.model import Cell, Fact, Figure, Section
from trucewatch.share.page.voice import Voice
from trucewatch.share.release import GRAINS


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
    period = voice.time(order.period.begin, order.period.end)
    cutoff = f"{order.cutoff:%Y-%m-%d %H:%M}"
    found = [
        Fact(voice.say("fact.period"), voice.cell("fact.utc", time=period)),
        Fact(voice.say("fact.cutoff"), voice.cell("fact.utc", time=cutoff)),
        Fact(voice.say("fact.agreement"), Cell(terms, quoted=True)),
        Fact(voice.say("fact.stage"), voice.code("stage", order.stage)),
        Fact(voice.say("fact.release"), voice.code("release", order.release)),
    ]
    if bulletin.supersedes:
        earlier = Cell(bulletin.supersedes, tone="code")
        found.append(Fact(voice.say("fact.supersedes"), earlier))
    return tuple(found)


def signature(voice: Voice) -> tuple[Fact, ...]:
    """Where the signature stands, and over what."""
    bulletin = voice.bulletin
    root = Cell(bulletin.ledger_root, tone="code")
    automatic = bulletin.order.stage.automatic
    return (
        Fact(voice.say("fact.seal"), voice.cell("seal.where")),
        Fact(voice.say("fact.size"), voice.number(bulletin.ledger_size)),
        Fact(voice.say("fact.root"), root),
        Fact(
            voice.say("fact.reviewed"),
            voice.cell("seal.unreviewed" if automatic else "seal.reviewed"),
        ),
    )


def figures(voice: Voice) -> tuple[Figure, ...]:
    """The numbers a reader looks for first, what is only claimed apart."""
    counts = voice.bulletin.counts
    sums = (
        ("figure.incidents", sum(one.incidents for one in counts)),
        ("figure.units", sum(one.units for one in counts)),
        ("figure.claimed", sum(one.claimed_incidents for one in counts)),
        ("figure.claimed_units", sum(one.claimed_units for one in counts)),
    )
    return tuple(Figure(voice.text.number(n), voice.say(key, n)) for key, n in sums)


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
    if not sum(one.incidents for one in voice.bulletin.counts):
        said.insert(0, voice.cell("glance.none"))
    watched = any(one.p_detect > 0 for one in voice.bulletin.coverage)
    said.append(voice.cell("glance.beyond" if watched else "glance.beyond_unwatched"))
    if sum(one.claimed_incidents for one in voice.bulletin.counts):
        said.append(voice.cell("glance.claimed"))
    return Section("glance", voice.say("section.glance"), tuple(said))


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
    """One sentence for the procedures that for one reason prove no look."""
    by_name: dict[str, list[CoverageRow]] = {}
    for one in voice.bulletin.coverage:
        by_name.setdefault(one.procedure, []).append(one)
    if not by_name:
        return [voice.cell("limits.nothing_watched")]
    blind: dict[str, list[str]] = {}
    for name, rows in sorted(by_name.items()):
        if not any(one.watched_ratio > 0 for one in rows):
            said = voice.text.code("procedure", name)
            blind.setdefault(voice.text.code("watch", rows[0].watch), []).append(said)
    return [
        voice.cell("limits.blind", procedures=", ".join(those), watch=watch)
        for watch, those in blind.items()
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
