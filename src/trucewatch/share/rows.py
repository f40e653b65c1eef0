"""Incidents and findings as a release may show them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trucewatch.agreement.terms import Agreement
from trucewatch.fuse.incident import Contribution, Incident
from trucewatch.grade.explain import account
from trucewatch.grade.finding import Attributed, Finding
from trucewatch.grade.reasons import Reason
from trucewatch.grade.reviewed import reviewed_attribution, reviewed_grade
from trucewatch.place import Area, Place
from trucewatch.review.decision import Decision
from trucewatch.share.bulletin import (
    FindingRow,
    IncidentRow,
    MovedRow,
    Order,
    OriginRow,
)
from trucewatch.share.clean import clean, without_coordinates
from trucewatch.share.coarsen import coarse, firing_cell_deg, widened
from trucewatch.share.release import GRAINS, Grain
from trucewatch.share.select import PERHAPS_FIRING, WIDE_LEVELS, Chosen, p_firing
from trucewatch.share.words import word

WITHHELD = "withheld"  # instead of a party at automatic stages


@dataclass(frozen=True, slots=True)
class _Where:
    """The fields of an incident row that say where."""

    located: str
    lat_deg: float | None = None
    lon_deg: float | None = None
    cell_deg: float = 0.0
    semi_major_m: float = 0.0
    semi_minor_m: float = 0.0
    azimuth_deg: float = 0.0
    area: str = ""


def incident_row(incident: Incident, chosen: Chosen, order: Order) -> IncidentRow:
    """One incident, its place and time no finer than the release allows."""
    grain = GRAINS[order.release]
    where = _where(incident, grain)
    time = widened(incident.time, grain.time_s)
    acts = sorted(incident.acts, key=lambda one: (-one.p, one.act))
    findings = chosen.findings.get(incident.id, ())
    read = findings[0] if findings else None  # all of them read the odds alike
    p_exists = released(read.p_exists if read else incident.p_exists)
    origins = _origins(incident, order)
    return IncidentRow(
        id=incident.id,
        name=clean(incident.name),
        begin=time.begin,
        end=time.end,
        located=where.located,
        lat_deg=where.lat_deg,
        lon_deg=where.lon_deg,
        cell_deg=where.cell_deg,
        semi_major_m=where.semi_major_m,
        semi_minor_m=where.semi_minor_m,
        azimuth_deg=where.azimuth_deg,
        area=where.area,
        sector=chosen.sectors_of.get(incident.id, ""),
        acts=tuple(one.act.value for one in acts),
        p_acts=tuple(released(one.p) for one in acts),
        units_low=incident.units_low,
        units_best=incident.units_best,
        units_high=incident.units_high,
        p_exists=p_exists,
        word=word(p_exists),
        origins=origins,
        context=len(incident.context),
        findings=tuple(
            replace(
                _finding_row(one, chosen, order), moved=_moved(incident, one, origins)
            )
            for one in findings
        ),
        p_exists_low=_end(read.p_exists_low if read else None),
        p_exists_high=_end(read.p_exists_high if read else None),
    )


def released(p: float) -> float:
    """A probability in whole per cent, 0 and 1 only where they are exact.

    More digits would let a reader solve for the place that was made coarse.
    """
    if p in (0.0, 1.0):
        return p
    return min(0.99, max(0.01, round(p, 2)))


def attributed_to(side: str, agreement: Agreement) -> str:
    """The party that holds a side, ``line/held``, by the agreement's own lines.

    Empty where the agreement gives that side to nobody.
    """
    holders = (
        one.party
        for line in agreement.lines
        for one in line.sides
        if f"{line.id}/{one.held}" == side
    )
    return next(holders, "")


def _end(p: float | None) -> float | None:
    return None if p is None else released(p)


def _moved(
    incident: Incident, finding: Finding, origins: tuple[OriginRow, ...]
) -> tuple[MovedRow, ...]:
    """What moved the odds, to a tenth of a decade; origins by the label they have."""
    labels = iter(origins)
    return tuple(
        MovedRow(
            next(labels).label if one.what == "origin" else one.what,
            round(one.log10_odds, 1),
        )
        for one in account(incident, finding)
    )


def _where(incident: Incident, grain: Grain) -> _Where:
    place = incident.place
    if isinstance(place, Place):
        cell_deg = 10.0**-grain.decimals
        if p_firing(incident) >= PERHAPS_FIRING:
            cell_deg = max(cell_deg, firing_cell_deg(place.lat_deg))
        cell = coarse(place, cell_deg)
        return _Where(
            "point",
            cell.lat_deg,
            cell.lon_deg,
            cell.cell_deg,
            cell.semi_major_m,
            cell.semi_minor_m,
            cell.azimuth_deg,
        )
    if isinstance(place, Area) and (place.level in WIDE_LEVELS or grain.names_sources):
        return _Where("area", area=clean(place.name))
    return _Where("unlocated")


def _origins(incident: Incident, order: Order) -> tuple[OriginRow, ...]:
    named = GRAINS[order.release].names_sources
    return tuple(
        _origin_row(one, n, named=named, automatic=order.stage.automatic)
        for n, one in enumerate(incident.contributions, start=1)
    )


def _origin_row(
    origin: Contribution, n: int, *, named: bool, automatic: bool
) -> OriginRow:
    hide = not named or (automatic and bool(origin.claimed_by))
    claimed_by = WITHHELD if automatic and origin.claimed_by else origin.claimed_by
    return OriginRow(
        label=f"origin {n}" if hide else clean(origin.independence),
        channel=origin.channel.value,
        log10_likelihood_ratio=round(origin.log10_likelihood_ratio, 1),
        detections=len(origin.detections),
        claimed_by=claimed_by,
    )


def _finding_row(finding: Finding, chosen: Chosen, order: Order) -> FindingRow:
    decision = chosen.decisions.get(finding.id)
    p_breach = released(finding.p_breach)
    status, party = _attribution(finding, decision, chosen.agreement, order)
    grade = reviewed_grade(finding, decision.verdict) if decision else finding.grade
    return FindingRow(
        id=finding.id,
        clause=finding.clause,
        reading=finding.reading,
        standing=finding.standing.value,
        p_act=released(finding.p_act),
        p_zone=released(finding.p_zone),
        p_window=released(finding.p_window),
        p_exempt=released(finding.p_exempt),
        p_breach=p_breach,
        word=word(p_breach),
        grade=grade.value,
        grade_automatic=finding.grade.value,
        severity=finding.severity.value,
        exempt_status=finding.exempt_status.value,
        independent_origins=finding.independent_origins,
        independent_channels=finding.independent_channels,
        attribution=status,
        attributed_to=party,
        verdict=decision.verdict.value if decision else "",
        reasons=_reasons(finding, order, attributed=bool(party)),
        reviewer_reason=_said(decision) if decision else "",
        p_without_strongest=released(finding.p_without_strongest),
        p_deed=released(finding.p_deed),
        p_breach_low=_end(finding.p_breach_low),
        p_breach_high=_end(finding.p_breach_high),
    )


def _attribution(
    finding: Finding, decision: Decision | None, agreement: Agreement, order: Order
) -> tuple[str, str]:
    """Status and party: withheld before review, a party only on a person's word."""
    if order.stage.automatic:
        return WITHHELD, ""
    if decision is None:
        return Attributed.NOT.value, ""
    status = reviewed_attribution(finding, decision.verdict, decision.attribution)
    party = attributed_to(decision.side, agreement)
    if status is Attributed.NOT or not party:
        return Attributed.NOT.value, ""
    return status.value, party


def _said(decision: Decision) -> str:
    return without_coordinates(clean(decision.reason))


def _reasons(finding: Finding, order: Order, *, attributed: bool) -> tuple[str, ...]:
    """Reasons of grade and attribution; after review, not that review is to come.

    Where a reviewer holds a side responsible, the reasons of the automatic stage to
    abstain stand no more.
    """
    abstained = () if attributed else finding.attribution.reasons
    codes = dict.fromkeys((*finding.reasons, *abstained))
    if not order.stage.automatic:
        codes.pop(Reason.AUTOMATIC_STAGE, None)
    return tuple(str(one) for one in codes)
