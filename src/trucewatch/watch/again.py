"""Work on a ledger that a run has left: issue one more bulletin, or replay one."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from trucewatch.agreement.terms import Agreement
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Batch
from trucewatch.errors import MissionError
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.track import TrackRecord
from trucewatch.grade.settings import GradeSettings
from trucewatch.period import Period
from trucewatch.review.decision import Decision
from trucewatch.review.joining import JoinDecision, decided_by
from trucewatch.store.ledger import Ledger
from trucewatch.store.reader import Reader, view
from trucewatch.watch.issue import Press, dossier_of, formats_in, write
from trucewatch.watch.mission import (
    DEFAULT_FORMATS,
    FIRST_DAY,
    LAST_DAY,
    Issue,
    local_day,
    read_mission,
)
from trucewatch.watch.picture import Method, Picture
from trucewatch.watch.plan import Plan
from trucewatch.watch.regular import refuse_special
from trucewatch.watch.replay import Replayed, find, replay
from trucewatch.watch.run import (
    KINDS,
    Step,
    decisions_on,
    order_of,
    picture_of,
    read_all,
)
from trucewatch.watch.show import program


def ledger_folder(what: Path) -> Path:
    """The ledger a mission file's run left, or the folder itself if it is one.

    Raises:
        MissionError: if there is no ledger.
    """
    folder = what
    if what.is_file():
        folder = Path("out") / read_mission(what).mission / "ledger"
    if not (folder / "checkpoint").is_file() and (folder / "ledger").is_dir():
        folder = folder / "ledger"
    if not (folder / "checkpoint").is_file():
        msg = f"{folder} holds no ledger; `trucewatch run` makes one"
        raise MissionError(msg)
    return folder


def issue_again(what: Path, day: date, wanted: Issue, *, as_json: bool) -> None:
    """One more bulletin, issued from what the ledger holds now.

    Raises:
        MissionError: if there is no ledger, or no run has been made with it.
    """
    folder = ledger_folder(what)
    if not FIRST_DAY <= day <= LAST_DAY:
        msg = f"{day} does not lie between {FIRST_DAY} and {LAST_DAY}"
        raise MissionError(msg)
    now = datetime.now(UTC)
    with Ledger.open(folder, now=now, who="bulletin", kinds=KINDS) as ledger:
        method = _latest_method(ledger)
        period = local_day(day, method.plan.zone)
        cutoff = period.end + method.plan.delay(wanted.stage)
        step = Step(day, period, cutoff, ())
        read = list(read_all(ledger, ledger.records(Delivery), None))
        _refuse_unwatched(day, period, read, ledger.records(Picture))
        joins = decided_by(ledger.records(JoinDecision), cutoff)
        method = replace(method, track=_track_by(ledger, cutoff), joins=joins)
        drawn, known = picture_of(read, method, step)
        ledger.append(drawn.records(), why=f"picture {day}")
        decisions = decisions_on(drawn, ledger.records(Decision))
        dossier = dossier_of(method, drawn, known, decisions)
        press = Press(ledger, folder.parent)
        order = order_of(method.plan, wanted, wanted.releases[0], step)
        made = press.issue(order, drawn.picture, dossier)
        path = press.publish(made, wanted.formats)
    if as_json:
        sys.stdout.write(json.dumps({"bulletin": str(path), "id": made.id}) + "\n")
    else:
        sys.stdout.write(f"bulletin  {path}\ncheck it  {program()} verify {path}\n")


def replay_again(
    folder: Path,
    wanted: str,
    published: Path | None,
    out: Path | None,
    *,
    as_json: bool,
) -> bool:
    """Whether a bulletin, made again from the ledger, came out the same.

    Raises:
        MissionError: if there is no ledger, or nothing published to compare with.
    """
    folder = ledger_folder(folder)
    refuse_special(folder)
    with view(folder, KINDS) as ledger:
        bulletin_id = find(ledger, wanted)
        if published is None:
            published = _published(folder.parent, bulletin_id)
        elif not formats_in(published):
            msg = f"{published} holds no published bulletin to compare with"
            raise MissionError(msg)
        formats = formats_in(published) if published else DEFAULT_FORMATS
        made = replay(ledger, bulletin_id, formats, published)
    if out is not None:
        write(out, made.files)
    _say(made, published, as_json=as_json)
    return not made.problems


def _latest_method(ledger: Reader) -> Method:
    plans = ledger.records(Plan)
    if not plans:
        msg = "no mission has been run with this ledger yet"
        raise MissionError(msg)
    plan = plans[-1]
    versions = [one for one in ledger.records(Agreement) if one.id in plan.derived_from]
    fusion, grading = ledger.records(FusionSettings), ledger.records(GradeSettings)
    return Method(plan, tuple(versions), fusion[-1], grading[-1])


def _track_by(ledger: Reader, cutoff: datetime) -> TrackRecord | None:
    """The latest record of how words of parties held that a picture then rests on."""
    earlier = [one for one in ledger.records(TrackRecord) if one.cutoff < cutoff]
    return max(earlier, key=lambda one: (one.cutoff, one.id), default=None)


def _refuse_unwatched(
    day: date,
    period: Period,
    read: Sequence[tuple[Delivery, Batch]],
    pictures: Sequence[Picture],
) -> None:
    """Return when the ledger knows of something on the day or on both sides of it.

    Raises:
        MissionError: if not: a bulletin of zeros would pass for a quiet day.
    """
    batches = [batch for _, batch in read]
    known = [
        *(one.day for one in pictures),
        *(o.phenomenon_time for batch in batches for o in batch.observations),
        *(a.time for batch in batches for a in batch.acquisitions),
    ]
    first = min((one.begin for one in known), default=period.end)
    last = max((one.end for one in known), default=period.begin)
    if not (first < period.end and period.begin < last):
        held = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}" if known else "nothing"
        msg = f"{day} was not watched: the ledger holds {held}"
        raise MissionError(msg)


def _published(out: Path, bulletin_id: str) -> Path | None:
    """The folder in which a bulletin was published beside the ledger, if it was."""
    for manifest in sorted((out / "bulletins").glob("*/*/MANIFEST.json")):
        if bulletin_id.encode() in manifest.read_bytes():
            return manifest.parent
    return None


def _say(made: Replayed, published: Path | None, *, as_json: bool) -> None:
    if as_json:
        body = {
            "bulletin": made.bulletin.id,
            "compared_with": str(published) if published else None,
            "files": [one.name for one in made.files],
            "equal": not made.problems,
            "problems": list(made.problems),
        }
        sys.stdout.write(json.dumps(body, indent=2) + "\n")
        return
    sys.stdout.write(f"replayed {made.bulletin.name} {made.bulletin.id}\n")
    for problem in made.problems:
        sys.stdout.write(f"  {problem}\n")
    against = f"the files in {published}" if published else "the logged bulletin"
    verdict = "differs from" if made.problems else "is byte for byte"
    sys.stdout.write(f"it {verdict} {against}\n")
