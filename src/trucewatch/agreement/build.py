"""A checked document made into the records the other stages read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from trucewatch.agreement.dates import read_duration_s, read_instant, read_window
from trucewatch.agreement.document import (
    ChangeText,
    ClauseText,
    Document,
    ExemptionText,
    LineText,
    NearLineText,
    PolygonText,
    ReadingText,
    WindowLine,
    ZoneText,
)
from trucewatch.agreement.geometry import (
    AllOf,
    AnyOf,
    Disc,
    Except,
    Line,
    NearLine,
    NearSites,
    Polygon,
    Shape,
    Side,
    SideOf,
    Site,
    Zone,
)
from trucewatch.agreement.terms import (
    Agreement,
    Clause,
    Commitment,
    Exemption,
    Party,
    ReadClause,
    Reading,
    Rung,
    Term,
    Window,
)


def build(document: Document) -> Agreement:
    """The agreement the document states; it must have passed every check."""
    zone = ZoneInfo(document.local_zone)
    effective = document.effective
    return Agreement(
        slug=document.agreement,
        title=document.title,
        version=document.version,
        effective=None if effective is None else read_instant(effective),
        status=document.status,
        local_zone=document.local_zone,
        parties=tuple(Party(k, p.name, p.role) for k, p in document.parties.items()),
        lines=tuple(_line(k, line) for k, line in document.lines.items()),
        zones=tuple(_zone(k, part) for k, part in document.zones.items()),
        sites=tuple(Site(**site.model_dump()) for site in document.sites),
        clauses=tuple(_clause(clause) for clause in document.clauses),
        readings=tuple(_reading(reading, zone) for reading in document.readings),
        exemptions=tuple(_exemption(one) for one in document.exemptions),
        commitments=tuple(Commitment(**c.model_dump()) for c in document.commitments),
        consultation=tuple(
            Rung(
                id=rung.id,
                severity=rung.severity,
                grade=rung.grade,
                notify=rung.notify,
                within_s=read_duration_s(rung.within),
                needs=rung.needs,
            )
            for rung in document.consultation
        ),
        glossary=tuple(Term(w, meaning) for w, meaning in document.glossary.items()),
        sources=document.sources,
    )


def _line(line_id: str, line: LineText) -> Line:
    return Line(
        id=line_id,
        title=line.title,
        path=line.path or (),
        areas=tuple(_polygon(area) for area in line.areas or ()),
        sides=tuple(Side(party, held) for party, held in line.sides.items()),
        uncertainty_m=line.uncertainty_m,
        source=line.source,
    )


def _polygon(polygon: PolygonText) -> Polygon:
    return Polygon(polygon.outer, polygon.holes)


def _zone(zone_id: str, zone: ZoneText) -> Zone:
    return Zone(zone_id, zone.title, _shape(zone), zone.floor_m, zone.ceiling_m)


def _shape(zone: ZoneText) -> Shape:
    return next(_shapes(zone))


def _shapes(zone: ZoneText) -> Iterator[Shape]:
    if zone.polygon is not None:
        yield _polygon(zone.polygon)
    if zone.disc is not None:
        yield Disc(**zone.disc.model_dump())
    if zone.near_line is not None:
        yield _near_line(zone.near_line)
    if zone.side_of is not None:
        yield SideOf(**zone.side_of.model_dump())
    if zone.near_sites is not None:
        yield NearSites(**zone.near_sites.model_dump())
    yield from _combined(zone)


def _combined(zone: ZoneText) -> Iterator[Shape]:
    if zone.all_of is not None:
        yield AllOf(zone.all_of)
    if zone.any_of is not None:
        yield AnyOf(zone.any_of)
    if zone.except_ is not None:
        yield Except(**zone.except_.model_dump())


def _near_line(near: NearLineText) -> NearLine:
    return NearLine(near.line, near.within_m, near.side or "")


def _clause(clause: ClauseText) -> Clause:
    return Clause(**{**clause.model_dump(), "sites": clause.sites or ""})


def _reading(reading: ReadingText, zone: ZoneInfo) -> Reading:
    return Reading(
        id=reading.id,
        title=reading.title,
        held_by=reading.held_by,
        stance=reading.stance,
        windows=_windows(reading.in_force, zone),
        changes=tuple(_change(change, zone) for change in reading.changes),
        note=reading.note,
        sources=reading.sources,
    )


def _change(change: ChangeText, zone: ZoneInfo) -> ReadClause:
    lines = change.in_force
    return ReadClause(
        clause=change.clause,
        applies=change.applies,
        prohibits=change.prohibits,
        where=change.where,
        sites=change.sites,
        windows=None if lines is None else _windows(lines, zone),
    )


def _windows(lines: tuple[WindowLine, ...], zone: ZoneInfo) -> tuple[Window, ...]:
    return tuple(_window(line, zone) for line in lines)


def _window(line: WindowLine, zone: ZoneInfo) -> Window:
    if line.zone is None:
        return read_window(line.window, zone, line.stated)
    own = read_window(line.window, ZoneInfo(line.zone), line.stated)
    return replace(own, zone=line.zone)


def _exemption(one: ExemptionText) -> Exemption:
    return Exemption(
        id=one.id,
        kind=one.kind,
        text=one.text,
        acts=one.acts,
        needs=one.needs,
        within_m=one.within_m,
        within_s=read_duration_s(one.within),
        where=one.where,
    )
