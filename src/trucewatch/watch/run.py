"""Run a mission: take in, read, draw a picture per day and stage, issue bulletins.

1. take in   every delivery is stored as it came, before anybody reads it
2. read      each delivery becomes observations, acquisitions, tables, rejections
3. draw      per day and stage, what was known by the cut-off is taken from
             detection to grading
4. review    the decisions file is applied to the findings it selects
5. issue     bulletins are composed, logged, rendered and sealed

Every step appends records in one fixed order and skips what the ledger already has,
so a run that was killed at any moment and started again ends with the same root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Batch
from trucewatch.period import Period
from trucewatch.record import Record
from trucewatch.review.decide import decide
from trucewatch.review.decision import Decision
from trucewatch.share.bulletin import Bulletin, Order
from trucewatch.share.release import Release
from trucewatch.store.ledger import Ledger
from trucewatch.watch.decisions import Reviewed, read_decisions
from trucewatch.watch.intake import Arrived, arrivals, read_each, unreadable
from trucewatch.watch.issue import Press, dossier_of
from trucewatch.watch.mission import Issue, Mission, local_day, terms_of
from trucewatch.watch.picture import Drawn, Known, Method, Picture, draw, known_at
from trucewatch.watch.plan import Plan, plan_of

KINDS = (Plan, Picture, Bulletin)
READ_AHEAD = 16  # deliveries held in memory while they are read

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run, apart from what the mission says.

    Attributes:
        out: folder that holds the ledger and the bulletins.
        now: wall clock, for custody only; it never reaches a record.
        until: bulletins whose cut-off is later are not issued; ``None`` for all.
        executor: where deliveries are read; ``None`` for here.
    """

    out: Path
    now: datetime
    until: datetime | None = None
    executor: Executor | None = None


@dataclass(slots=True)
class Summary:
    """What a run did; printed, never logged."""

    deliveries: int = 0
    unreadable: list[str] = field(default_factory=list)
    rows: int = 0
    rejected: int = 0
    incidents: int = 0
    bulletins: list[Path] = field(default_factory=list)
    size: int = 0
    root: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One picture to draw and the bulletins to issue from it."""

    day: date
    period: Period
    cutoff: datetime
    issues: tuple[tuple[Issue, Release], ...]


def run(mission: Mission, settings: Settings, tell: Tell) -> Summary:
    """Run the mission to its end, or to ``until``; every result is in the ledger.

    Raises:
        AgreementError: if the terms cannot be used.
        MissionError: if a file the mission names cannot be used.
        LedgerError: if the ledger cannot be opened or written.
    """
    versions = terms_of(mission)
    reviewed = _reviewed(mission)
    method = Method(
        plan_of(mission, versions),
        versions,
        default_fusion_settings(),
        default_grade_settings(),
    )
    summary = Summary()
    with Ledger.open(
        settings.out / "ledger", now=settings.now, who="run", kinds=KINDS
    ) as ledger:
        ledger.append((*versions, method.fusion, method.grading, method.plan), why="terms")
        taken = _take_in(ledger, mission, tell)
        press = Press(ledger, settings.out)
        decided = list(ledger.records(Decision))
        read = _read(ledger, taken, settings.executor, summary, tell)
        for step in steps(mission, method.plan, settings.until):
            tell(f"picture {step.day} as known by {step.cutoff:%Y-%m-%d %H:%MZ}")
            drawn, known = picture_of(read, method, step)
            ledger.append(drawn.records(), why=f"picture {step.day}")
            decisions = _review(ledger, drawn, reviewed, decided)
            dossier = dossier_of(method, drawn, known, decisions)
            for one, release in step.issues:
                order = order_of(method.plan, one, release, step)
                bulletin = press.issue(order, drawn.picture, dossier)
                summary.bulletins.append(press.publish(bulletin, one.formats))
            summary.incidents = len(drawn.incidents)
        summary.size, summary.root = ledger.size, ledger.root.hex()
    return summary


def steps(mission: Mission, plan: Plan, until: datetime | None) -> list[Step]:
    """The pictures to draw, in the order of their cut-offs."""
    wanted: dict[tuple[datetime, date], list[tuple[Issue, Release]]] = {}
    for one in mission.bulletins:
        for day in mission.days.all() if isinstance(one.days, str) else one.days:
            cutoff = local_day(day, plan.zone).end + plan.delay(one.stage)
            if until is None or cutoff <= until:
                releases = [(one, release) for release in one.releases]
                wanted.setdefault((cutoff, day), []).extend(releases)
    return [
        Step(day, local_day(day, plan.zone), cutoff, tuple(issues))
        for (cutoff, day), issues in sorted(wanted.items(), key=lambda one: one[0])
    ]


def _take_in(ledger: Ledger, mission: Mission, tell: Tell) -> list[Delivery]:
    taken = []
    for arrived in arrivals(mission):
        tell(f"delivery {arrived.delivery.source} {arrived.delivery.name}")
        ledger.append((arrived.delivery,), (arrived.raw,), why="delivery")
        taken.append(arrived.delivery)
    return taken


def _read(
    ledger: Ledger,
    taken: Sequence[Delivery],
    executor: Executor | None,
    summary: Summary,
    tell: Tell,
) -> list[tuple[Delivery, Batch]]:
    read = []
    for delivery, batch in read_all(ledger, taken, executor):
        ledger.append(*logged(batch), why=f"read {delivery.name}")
        read.append((delivery, batch))
        summary.deliveries += 1
        summary.rows += batch.rows_read
        summary.rejected += len(batch.rejections)
        if unreadable(batch):
            summary.unreadable.append(f"{delivery.name}: {batch.rejections[0].why}")
        tell(
            f"read {delivery.source} {delivery.name}: "
            f"{batch.rows_read} rows, {len(batch.rejections)} rejected"
        )
    return read


def read_all(
    ledger: Ledger, deliveries: Sequence[Delivery], executor: Executor | None
) -> Iterator[tuple[Delivery, Batch]]:
    """Every delivery with what it contains, read from the bytes in the ledger."""
    queue = iter(deliveries)
    while ahead := list(islice(queue, READ_AHEAD)):
        arrived = [Arrived(one, ledger.get(one.sha256)) for one in ahead]
        for one, batch in read_each(arrived, executor):
            yield one.delivery, batch


def logged(batch: Batch) -> tuple[tuple[Record, ...], tuple[bytes, ...]]:
    """The records of a batch in ledger order, and the blobs of its tables."""
    tables = tuple(one.table for one in batch.tables)
    records = (*batch.acquisitions, *batch.observations, *tables, *batch.rejections)
    return records, tuple(one.blob for one in batch.tables)


def picture_of(
    read: Sequence[tuple[Delivery, Batch]], method: Method, step: Step
) -> tuple[Drawn, Known]:
    """What was known of a day by a cut-off, and the picture drawn from it."""
    known = known_at(read, step.cutoff, step.period.begin - method.horizon)
    return draw(known, method, step.period, step.cutoff), known


def order_of(plan: Plan, one: Issue, release: Release, step: Step) -> Order:
    """What a bulletin of this step is to say of itself."""
    return Order(
        mission=plan.mission,
        title=plan.title,
        period=step.period,
        cutoff=step.cutoff,
        stage=one.stage,
        release=release,
        language=one.language,
    )


def _reviewed(mission: Mission) -> Reviewed | None:
    if not mission.decisions:
        return None
    return read_decisions(mission.folder / mission.decisions)


def _review(
    ledger: Ledger, drawn: Drawn, reviewed: Reviewed | None, decided: list[Decision]
) -> tuple[Decision, ...]:
    """All decisions on this picture's findings that were made by its cut-off."""
    cutoff = drawn.picture.cutoff
    if reviewed is not None and reviewed.decided <= cutoff:
        incidents = {one.id: one for one in drawn.incidents}
        made = decide(
            reviewed.orders,
            drawn.findings,
            incidents,
            reviewed.reviewer,
            reviewed.decided,
        )
        ledger.append(made, why="review")
        known = {one.id for one in decided}
        decided.extend(one for one in made if one.id not in known)
    return decisions_on(drawn, decided)


def decisions_on(drawn: Drawn, decided: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions that concern a picture and were made by its cut-off."""
    findings = {one.id for one in drawn.findings}
    return tuple(
        one
        for one in decided
        if one.finding in findings and one.decided <= drawn.picture.cutoff
    )
