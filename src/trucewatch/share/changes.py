"""What a bulletin changes: against its predecessor, and about earlier days."""

from __future__ import annotations

from trucewatch.errors import ReleaseError
from trucewatch.share.bulletin import Bulletin, Dossier, IncidentRow, Order
from trucewatch.share.release import Stage

_STAGES = tuple(Stage)


def check_predecessor(previous: Bulletin | None, name: str, order: Order) -> None:
    """Return where ``previous`` is one that this bulletin may supersede.

    Raises:
        ReleaseError: if it is of another day or audience, or of a later stage.
    """
    if previous is None:
        return
    if previous.name != name or previous.order.release is not order.release:
        msg = (
            f"a bulletin {name!r} for {order.release} cannot supersede "
            f"{previous.name!r} for {previous.order.release}"
        )
        raise ReleaseError(msg)
    if _STAGES.index(previous.order.stage) > _STAGES.index(order.stage):
        msg = f"stage {order.stage} cannot supersede stage {previous.order.stage}"
        raise ReleaseError(msg)


def changed(previous: Bulletin | None, now: Bulletin) -> tuple[tuple[str, int], ...]:
    """How many rows differ from the bulletin before, by catalogue code; none if none.

    Incidents are matched by their stable name, findings by clause and reading.
    """
    if previous is None:
        return ()
    old = {one.name: one for one in previous.incidents}
    new = {one.name: one for one in now.incidents}
    both = [(old[name], new[name]) for name in sorted(old.keys() & new.keys())]
    said = ({s.id for s in previous.statements}, {s.id for s in now.statements})
    numbers = {
        "incidents_added": len(new.keys() - old.keys()),
        "incidents_removed": len(old.keys() - new.keys()),
        "incidents_revised": sum(_facts(a) != _facts(b) for a, b in both),
        "grades_changed": sum(_regraded(a, b) for a, b in both),
        "statements_added": len(said[1] - said[0]),
        "terms_changed": int(previous.agreement_version != now.agreement_version),
    }
    return tuple((code, n) for code, n in numbers.items() if n)


def late(dossier: Dossier, order: Order) -> tuple[tuple[str, int], ...]:
    """What became known in this period of days before it, by catalogue code."""
    begin, cutoff = order.period.begin, order.cutoff
    observed = sum(
        one.phenomenon_time.end <= begin and begin <= one.result_time.begin < cutoff
        for one in dossier.observations
    )
    earlier = {one.id for one in dossier.incidents if one.time.end <= begin}
    theirs = {one.id for one in dossier.findings if one.incident in earlier}
    decided = sum(
        one.finding in theirs and begin <= one.decided <= cutoff
        for one in dossier.decisions
    )
    numbers = (("late_observations", observed), ("late_decisions", decided))
    return tuple((code, n) for code, n in numbers if n)


def _facts(row: IncidentRow) -> tuple[object, ...]:
    where = (row.located, row.lat_deg, row.lon_deg, row.cell_deg, row.area)
    return (row.begin, row.end, *where, row.acts[:1], row.units_best, row.p_exists)


def _regraded(old: IncidentRow, new: IncidentRow) -> int:
    before = {(one.clause, one.reading): one.grade for one in old.findings}
    after = {(one.clause, one.reading): one.grade for one in new.findings}
    return sum(after[key] != before[key] for key in before.keys() & after.keys())
