"""Put a bulletin's page together, in the order of a mission's daily report."""

from __future__ import annotations

from trucewatch.share.bulletin import MAP_FILE, Bulletin
from trucewatch.share.page.back import (
    changes,
    coverage,
    deliveries,
    interference,
    method,
    statements,
)
from trucewatch.share.page.counts import compliance, counts
from trucewatch.share.page.dates import local_days
from trucewatch.share.page.front import facts, figures, glance, limits, signature
from trucewatch.share.page.incidents import firing, incidents
from trucewatch.share.page.model import Cell, Page
from trucewatch.share.page.readings import readings
from trucewatch.share.page.review import banner
from trucewatch.share.page.voice import Voice

_SECTIONS = (
    limits,
    glance,
    readings,
    counts,
    compliance,
    incidents,
    firing,
    statements,
    interference,
    coverage,
    changes,
    deliveries,
    method,
)


def page(bulletin: Bulletin) -> Page:
    """The bulletin in words.

    Raises:
        LookupError: if no catalogue of its language is shipped.
    """
    voice = Voice.of(bulletin)
    order = bulletin.order
    time = voice.time(order.period.begin, order.period.end)
    name = Cell(bulletin.id, tone="code")
    return Page(
        language=order.language,
        direction=voice.say("language.direction"),
        kind=voice.say("page.kind"),
        title=order.title,
        subtitle=local_days(voice.text, order),
        time=voice.say("fact.utc", time=time),
        banner=banner(voice),
        marks=(voice.code("stage", order.stage), voice.code("release", order.release)),
        facts=facts(voice),
        signature=signature(voice),
        figures=figures(voice),
        map_caption=voice.say("map.caption"),
        map_label=voice.say("map.label"),
        map_link=Cell(voice.say("map.open"), href=MAP_FILE),
        windows_caption=voice.say("windows.caption"),
        windows_label=voice.say("windows.label"),
        windows_never=voice.say("windows.never"),
        skip=voice.say("page.skip"),
        contents=voice.say("page.contents"),
        sections=tuple(section(voice) for section in _SECTIONS),
        foot=(voice.cell("page.made_with", version=bulletin.method_version), name),
    )
