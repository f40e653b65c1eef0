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

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Batch, Columns
from trucewatch.errors import MissionError
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.grade.settings import default_grade_settings
from trucewatch.period import Period
from trucewatch.record import Record, RecordId
from trucewatch.review.decide import decide
from trucewatch.review.decision import Decision
from trucewatch.review.joining import JoinDecision, decided_by
from trucewatch.review.learn import Memory
from trucewatch.share.bulletin import Bulletin, Order
from trucewatch.share.release import Release
from trucewatch.store.ledger import Ledger
from trucewatch.store.reader import Reader
from trucewatch.watch.decisions import Reviewed, read_decisions
from trucewatch.watch.intake import Arrived, arrivals, read, read_each, unreadable
from trucewatch.watch.issue import Press, dossier_of
from trucewatch.watch.mission import (
    Issue,
    Mission,
    expanded,
    local_day,
    terms_of,
)
from trucewatch.watch.picture import Drawn, Known, Method, Picture, draw, known_at
from trucewatch.watch.plan import Plan, plan_of

KINDS = (Plan, Picture, Bulletin)
READ_AHEAD = 16  # deliveries held in memory while processes read them
READING_SHARE = 0.3  # of a run's progress, for the bar

Tell = Callable[[str, float], None]
"""Called with what is being done and the share of the run that is behind it."""


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
    """What a run did; printed, never logged.

    Attributes:
        repeated: deliveries whose bytes the same source had delivered before.
        unreadable: deliveries of which nothing could be read, with the reason.
        size: records in the ledger.
        root: hex root hash of the ledger.
    """

    deliveries: int = 0
    repeated: int = 0
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
    issues: tuple[tuple[Issue, Release], ...] = ()


def run(mission: Mission, settings: Settings, tell: Tell) -> Summary:
    """Run the mission to its end, or to ``until``; every result is in the ledger.

    Raises:
        AgreementError: if the terms cannot be used.
        MissionError: if a file the mission names cannot be used.
        LedgerError: if the ledger cannot be opened or written.
    """
    method = method_of(mission)
    reviewed = _reviewed(mission)
    with Ledger.open(
        settings.out / "ledger",
        now=settings.now,
        who="run",
        kinds=KINDS,
        name=mission.mission,
    ) as ledger:
        _refuse_other_missions(ledger, mission)
        terms = (*method.versions, method.fusion, method.grading, method.plan)
        ledger.append(terms, why="terms")
        if reviewed is not None and reviewed.joins:
            ledger.append(reviewed.joins, why="review")
        going = _Run(ledger, method, tell)
        going.take_in(mission)  # 1
        going.read_all(settings.executor)  # 2
        press = Press(ledger, settings.out)
        for step in going.each(steps(mission, method.plan, settings.until)):
            drawn, known = going.draw(step)  # 3
            decisions = going.review(drawn, reviewed)  # 4
            dossier = dossier_of(method, drawn, known, decisions)
            for one, release in step.issues:  # 5
                order = order_of(method.plan, one, release, step)
                bulletin = press.issue(order, drawn.picture, dossier)
                going.summary.bulletins.append(press.publish(bulletin, one.formats))
        return going.ended()


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


def method_of(mission: Mission) -> Method:
    """The plan and terms of a mission, and the settings shipped with trucewatch.

    Raises:
        AgreementError: if the terms cannot be used.
        MissionError: if the mission counts by sectors the terms do not have.
    """
    versions = terms_of(mission)
    plan = plan_of(mission, versions)
    return Method(plan, versions, default_fusion_settings(), default_grade_settings())


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
        zone=plan.zone,
    )


def read_all(
    ledger: Reader, deliveries: Sequence[Delivery], executor: Executor | None
) -> Iterator[tuple[Delivery, Batch]]:
    """Every delivery with what it contains, read from the bytes in the ledger.

    What one source delivered twice, byte for byte and with the same options, is
    read once: the second time it is the same delivery under another name.
    """
    once = {_bytes_of(one): one for one in deliveries[::-1]}
    first = {one.id for one in once.values()}
    cited = {name for one in deliveries for name in one.derived_from}
    unique = [one for one in deliveries if one.id in first]
    tables: dict[RecordId, tuple[Columns, ...]] = {}
    for one in (one for one in unique if one.id in cited):  # others are read with it
        batch = read(_with_beside(one, ledger, tables))
        tables[one.id] = batch.tables
        yield one, batch
    queue = iter([one for one in unique if one.id not in cited])
    while ahead := list(islice(queue, READ_AHEAD if executor else 1)):
        arrived = [_with_beside(one, ledger, tables) for one in ahead]
        for made, batch in read_each(arrived, executor):
            yield made.delivery, batch


def _bytes_of(one: Delivery) -> tuple[object, ...]:
    return one.source, one.sha256, one.options, one.derived_from


def _with_beside(
    one: Delivery, ledger: Reader, tables: Mapping[RecordId, tuple[Columns, ...]]
) -> Arrived:
    beside = tuple(t for name in one.derived_from for t in tables.get(name, ()))
    return Arrived(one, ledger.get(one.sha256), beside)


def decisions_on(drawn: Drawn, decided: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions that concern a picture and were made by its cut-off."""
    findings = {one.id for one in drawn.findings}
    return tuple(
        one
        for one in decided
        if one.finding in findings and one.decided <= drawn.picture.cutoff
    )


class _Run:
    """One run at work: what it has read, and what it did so far."""

    def __init__(self, ledger: Ledger, method: Method, tell: Tell) -> None:
        self.summary = Summary()
        self._ledger = ledger
        self._method = method
        self._tell = tell
        self._taken: list[Delivery] = []
        self._read: list[tuple[Delivery, Batch]] = []
        self._decided = list(ledger.records(Decision))
        self._joins = ledger.records(JoinDecision)
        self._memory = Memory()

    def take_in(self, mission: Mission) -> None:
        seen = set()
        for arrived in arrivals(mission):
            one = arrived.delivery
            self._tell(f"taking in {one.source} {one.name}", 0.0)
            self._ledger.append((one,), (arrived.raw,), why=f"delivery {one.name}")
            if one.id not in seen:
                self._taken.append(one)
            seen.add(one.id)

    def read_all(self, executor: Executor | None) -> None:
        for one, batch in read_all(self._ledger, self._taken, executor):
            self._ledger.append(*logged(batch), why=f"read {one.name}")
            self._read.append((one, batch))
            self._count(one, batch)
            done_ratio = len(self._read) / len(self._taken)
            self._tell(
                f"read {one.source} {one.name}: {batch.rows_read} rows, "
                f"{len(batch.rejections)} rejected",
                READING_SHARE * done_ratio,
            )
        self.summary.repeated = len(self._taken) - len(self._read)

    def each(self, wanted: Sequence[Step]) -> Iterator[Step]:
        for number, step in enumerate(wanted):
            share = READING_SHARE + (1 - READING_SHARE) * number / len(wanted)
            self._tell(f"{step.day} as known by {step.cutoff:%Y-%m-%d %H:%MZ}", share)
            yield step

    def draw(self, step: Step) -> tuple[Drawn, Known]:
        track = self._memory.record(self._method.fusion)
        joins = decided_by(self._joins, step.cutoff)
        method = replace(self._method, track=track, joins=joins)
        if track is not None:
            self._ledger.append((track,), why=f"track by {step.cutoff:%Y-%m-%d %H:%MZ}")
        drawn, known = picture_of(self._read, method, step)
        self._ledger.append(drawn.records(), why=f"picture {step.day}")
        self.summary.incidents = len(drawn.incidents)
        return drawn, known

    def review(self, drawn: Drawn, reviewed: Reviewed | None) -> tuple[Decision, ...]:
        if reviewed is not None and reviewed.decided <= drawn.picture.cutoff:
            incidents = {one.id: one for one in drawn.incidents}
            made = decide(
                reviewed.orders,
                drawn.findings,
                incidents,
                reviewed.reviewer,
                reviewed.decided,
            )
            self._ledger.append(made, why="review")
            known = {one.id for one in self._decided}
            self._decided.extend(one for one in made if one.id not in known)
        decided = decisions_on(drawn, self._decided)
        picture = drawn.picture
        self._memory.learn(drawn.incidents, drawn.findings, decided, picture.cutoff)
        return decided

    def ended(self) -> Summary:
        self.summary.size, self.summary.root = (
            self._ledger.size,
            self._ledger.root.hex(),
        )
        return self.summary

    def _count(self, delivery: Delivery, batch: Batch) -> None:
        self.summary.deliveries += 1
        self.summary.rows += batch.rows_read
        self.summary.rejected += len(batch.rejections)
        if unreadable(batch):
            why = batch.rejections[0].why
            self.summary.unreadable.append(f"{delivery.name}: {why}")


def logged(batch: Batch) -> tuple[tuple[Record, ...], tuple[bytes, ...]]:
    """The records of a batch in ledger order, and the blobs of its tables."""
    tables = tuple(one.table for one in batch.tables)
    records = (*batch.acquisitions, *batch.observations, *tables, *batch.rejections)
    return records, tuple(one.blob for one in batch.tables)


def _refuse_other_missions(ledger: Reader, mission: Mission) -> None:
    """Return when nothing but this mission has been run with the ledger.

    Raises:
        MissionError: if another was: their bulletins would share folders.
    """
    for plan in ledger.records(Plan):
        if plan.mission != mission.mission:
            msg = (
                f"{ledger.folder} holds the mission {plan.mission!r};"
                f" give {mission.mission!r} a folder of its own with --out"
            )
            raise MissionError(msg)


def _reviewed(mission: Mission) -> Reviewed | None:
    if not mission.decisions:
        return None
    return read_decisions(mission.folder / expanded(mission.decisions))
