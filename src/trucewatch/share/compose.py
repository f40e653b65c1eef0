"""Make a bulletin of a dossier: choose, coarsen, count, and say what changed."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version

from trucewatch.agreement.taxonomy import Act, is_a
from trucewatch.collect.observation import Outcome
from trucewatch.completeness.coverage import Coverage
from trucewatch.completeness.held import holder
from trucewatch.errors import ReleaseError
from trucewatch.share.bulletin import (
    Bulletin,
    CoverageRow,
    DeliveryRow,
    Dossier,
    InterferenceRow,
    Order,
)
from trucewatch.share.changes import changed, check_predecessor, late
from trucewatch.share.clean import clean
from trucewatch.share.compliance import compliance_rows
from trucewatch.share.counts import count_rows
from trucewatch.share.firing import firing_rows, too_recent
from trucewatch.share.readings import reading_rows
from trucewatch.share.release import GRAINS, Release, Stage
from trucewatch.share.rows import incident_row, released
from trucewatch.share.select import Chosen, choose
from trucewatch.share.shapes import shape_rows
from trucewatch.share.side_by_side import (
    difference_rows,
    register_rows,
    shared_rows,
)
from trucewatch.share.statements import contradiction_rows, statement_rows


def compose(
    dossier: Dossier,
    order: Order,
    previous: Bulletin | None,
    ledger_size: int,
    ledger_root: str,
) -> Bulletin:
    """The bulletin an order asks for, already as coarse as its audience requires.

    The result does not depend on the order of the dossier's parts.

    Raises:
        ReleaseError: if a flash is asked for anybody but the cell, or ``previous``
            is not of the same day and audience, at the same stage or an earlier one.
    """
    name = f"{order.mission}/{order.day}"
    _check_flash(order)
    check_predecessor(previous, name, order)
    chosen = choose(dossier, order)
    roots = tuple(one.id for one in chosen.deliveries)
    earlier = (previous.id,) if previous else ()
    terms = chosen.agreement
    made = Bulletin(
        derived_from=(terms.id, *roots, *earlier),
        name=name,
        order=order,
        agreement_title=clean(terms.title),
        agreement_version=terms.version,
        agreement_status=terms.status,
        parties=tuple((one.id, clean(one.name)) for one in terms.parties),
        readings=reading_rows(terms, order),
        clauses=tuple((one.id, clean(one.text)) for one in terms.clauses),
        sectors=dossier.sectors,
        counts=count_rows(chosen, dossier.sectors),
        incidents=tuple(incident_row(one, chosen, order) for one in chosen.incidents),
        firing=firing_rows(chosen),
        statements=statement_rows(chosen, dossier, order),
        contradictions=contradiction_rows(chosen, dossier, order),
        coverage=_coverage_rows(dossier, order),
        deliveries=_delivery_rows(chosen, dossier, order),
        shapes=shape_rows(terms, GRAINS[order.release]),
        supersedes=previous.id if previous else "",
        changed=(),
        method_version=version("trucewatch"),
        ledger_size=ledger_size,
        ledger_root=ledger_root,
        thresholds=dossier.thresholds,
        interference=_interference_rows(chosen, dossier, order),
        late=late(dossier, order),
        firing_withheld=too_recent(chosen),
        compliance=compliance_rows(chosen, dossier, order),
    )
    made = _side_by_side(made, chosen, dossier)
    return replace(made, changed=changed(previous, made))


def _check_flash(order: Order) -> None:
    """Return unless a flash is asked for somebody it is not for.

    Raises:
        ReleaseError: if it is.
    """
    if order.stage is Stage.F0 and order.release is not Release.CELL:
        msg = f"stage F0 is for the cell only, not for {order.release}"
        raise ReleaseError(msg)


def _side_by_side(made: Bulletin, chosen: Chosen, dossier: Dossier) -> Bulletin:
    """The bulletin with what its statements have in common and where they differ."""
    said, order = made.statements, made.order
    return replace(
        made,
        differences=difference_rows(said, dossier, order),
        shared=shared_rows(said, dossier, order),
        register=register_rows(said, chosen, dossier, order),
    )


def _coverage_rows(dossier: Dossier, order: Order) -> tuple[CoverageRow, ...]:
    """What every procedure could have noticed, by sector, procedure and act."""
    known = [one for one in dossier.coverage if one.period == order.period]
    known.sort(key=lambda one: (one.sector, one.procedure, one.act, one.id))
    return tuple(_coverage_row(one) for one in known)


def _coverage_row(one: Coverage) -> CoverageRow:
    return CoverageRow(
        sector=one.sector,
        procedure=one.procedure,
        act=one.act.value,
        watch=one.watch.value,
        p_detect=released(one.p_detect),
        watched_ratio=released(one.watched_ratio),
        acquisitions=one.acquisitions,
        observations=one.observations,
    )


def _delivery_rows(
    chosen: Chosen, dossier: Dossier, order: Order
) -> tuple[DeliveryRow, ...]:
    """Deliveries by what they were read as; their names only for the cell.

    The hash stays at every level, so that whoever holds the bytes can check them.
    """
    named = GRAINS[order.release].names_sources
    refused = [source for one in dossier.rejections for source in one.derived_from]
    return tuple(
        DeliveryRow(
            source=one.source,
            name=clean(one.name) if named else "",
            sha256=one.sha256,
            rejected=refused.count(one.id),
            licence=clean(one.licence),
        )
        for one in chosen.deliveries
    )


def _interference_rows(
    chosen: Chosen, dossier: Dossier, order: Order
) -> tuple[InterferenceRow, ...]:
    """Failed looks by cause, procedure and holder of the ground, then obstruction."""
    lost: dict[tuple[str, str, str, str], list[float]] = {}
    for one in dossier.acquisitions:
        if one.outcome is Outcome.FAILURE and order.period.overlaps(one.time):
            who = holder(one, chosen.agreement)
            doubt = who.doubt if who.party else ""
            key = (one.cause.value, one.procedure, clean(who.party), doubt)
            lost.setdefault(key, []).append(one.time.overlap_s(order.period))
    acts: dict[str, int] = {}
    for incident in chosen.incidents:
        act = max(incident.acts, key=lambda one: (one.p, one.act)).act
        if is_a(act, Act.OBSTRUCTION):
            acts[act.value] = acts.get(act.value, 0) + 1
    return (
        *(
            InterferenceRow(cause, name, len(s), round(sum(s) / 3600), held_by, doubt)
            for (cause, name, held_by, doubt), s in sorted(lost.items())
        ),
        *(InterferenceRow(act, "", n, 0) for act, n in sorted(acts.items())),
    )
