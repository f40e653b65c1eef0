"""What somebody said another did, from a row of a form."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trucewatch.collect.acts import act
from trucewatch.collect.cells import count_or_none, number
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import (
    Figure,
    Observation,
    Statement,
    StatementKind,
)
from trucewatch.collect.places import area, circle, point
from trucewatch.collect.rows import Row
from trucewatch.collect.settings import Options
from trucewatch.collect.times import moment, span
from trucewatch.collect.words import nameless, outlet
from trucewatch.place import Unlocated, Whereabouts

# A party's id is a word of capital letters; a body of it is printed behind: "UA MoD".
_BODY_OF_PARTY = re.compile(r"([A-Z]{2,8})[\s,/:'’-]+\w")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who was printed as speaking.

    Attributes:
        id: of the party where the print begins with one, else the whole print.
        printed: the whole print where it says more than the id; else empty.
    """

    id: str
    printed: str = ""


def speaker_of(printed: str) -> Speaker:
    """The party that speaks, by the id a print begins with; bodies of it speak for it.

    Whether that party exists is for the agreement to say.
    """
    name = printed.strip()
    body = _BODY_OF_PARTY.match(name)
    return Speaker(body[1], name) if body else Speaker(name)


def allegation(row: Row, delivery: Delivery, options: Options) -> Observation:
    """One alleged incident: who says it, of whom, what, where and when.

    Cells: ``speaker``, ``act``, ``time`` (or ``begin``, ``end``); where known
    ``against``, ``count``, ``lat``, ``lon``, ``radius_m``, ``place`` with ``level``,
    ``made``, ``words``, ``url``, ``kind``.

    Raises:
        ValueError: if a cell is missing or is not what it should be.
    """
    zone = options.zone()
    speaker = speaker_of(row.need("speaker"))
    time, rounding = span(row.get("time") or row.need("begin"), row.get("end"), zone)
    said = row.get("made")
    address = row.get("url")
    label = row.need("act")
    units = count_or_none(row.get("count"))
    counted = 1 if units is None else units
    figure = Figure(label=label, act=act(label), units=counted, at_least=units is None)
    return Observation(
        procedure=f"statements/{speaker.id}",
        result=Statement(
            kind=StatementKind(row.get("kind") or StatementKind.ALLEGATION),
            speaker=speaker.id,
            against=row.get("against"),
            figures=(figure,),
            total=None,
            words=nameless(row.get("words")),
            outlet=outlet(address) if address else "",
            address=address,
            speaker_printed=speaker.printed,
        ),
        place=_place(row, options),
        phenomenon_time=time,
        result_time=moment(said, zone)[0] if said else time,
        independence=f"party:{speaker.id}",
        reliability=options.reliability,
        credibility=options.credibility,
        rounding=rounding,
        row=row.where,
        derived_from=(delivery.id,),
    )


def _place(row: Row, options: Options) -> Whereabouts:
    radius = row.get("radius_m") or options.text("radius_m")
    if row.shape is not None and row.shape.geom_type == "Point":
        lon, lat = row.shape.coords[0][:2]
        return circle(*point(str(lat), str(lon), options.bounds()), number(radius))
    if row.get("lat") or row.get("lon"):
        spot = point(row.need("lat"), row.need("lon"), options.bounds())
        return circle(*spot, number(radius))
    if row.get("place"):
        return area((row.get("place"), row.get("level") or "district"))
    return Unlocated()
