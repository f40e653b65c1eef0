"""Put a bulletin's page together, in the order of a mission's daily report."""

from __future__ import annotations

from trucewatch.share.bulletin import Bulletin
from trucewatch.share.page.back import (
    changes,
    coverage,
    deliveries,
    interference,
    method,
    statements,
)
from trucewatch.share.page.front import facts, figures, glance, limits, signature
from trucewatch.share.page.incidents import firing, incidents
from trucewatch.share.page.model import Cell, Page
from trucewatch.share.page.terms import counts, readings
from trucewatch.share.page.voice import Voice

_SECTIONS = (
    limits,
    glance,
    readings,
    counts,
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
    reviewed = "banner.automatic" if order.stage.automatic else "banner.reviewed"
    time = voice.time(order.period.begin, order.period.end)
    name = Cell(bulletin.id, tone="code")
    return Page(
        language=order.language,
        direction=voice.say("language.direction"),
        kind=voice.say("page.kind"),
        title=order.title,
        subtitle=voice.say("page.day", day=order.day, time=time),
        banner=voice.cell(reviewed),
        marks=(voice.code("stage", order.stage), voice.code("release", order.release)),
        facts=facts(voice),
        signature=signature(voice),
        figures=figures(voice),
        map_caption=voice.say("map.caption"),
        map_label=voice.say("map.label"),
        contents=voice.say("page.contents"),
        sections=tuple(section(voice) for section in _SECTIONS),
        foot=(voice.cell("page.made_with", version=bulletin.method_version), name),
    )
