"""Rehearse: make an exercise, run it, score what the run left in its ledger."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from trucewatch.collect.observation import Observation
from trucewatch.detect.detection import Detection
from trucewatch.errors import MissionError
from trucewatch.exercise.alert import known_times
from trucewatch.exercise.beside import Told
from trucewatch.exercise.make import TRUTH, make
from trucewatch.exercise.page import lasting, page
from trucewatch.exercise.scenario import read_scenario
from trucewatch.exercise.score import Scorecard, read_truth, score
from trucewatch.fuse.incident import Incident
from trucewatch.grade.compliance import Compliance
from trucewatch.grade.finding import Finding
from trucewatch.record import written_out
from trucewatch.share.select import counted_in
from trucewatch.store.reader import Reader, view
from trucewatch.watch.again import ledger_folder
from trucewatch.watch.picture import Picture
from trucewatch.watch.run import KINDS
from trucewatch.watch.start import start
from trucewatch.watch.terminal import write


def score_run(run: Path, truth: Path) -> Scorecard:
    """The scorecard of the run of an exercise, against its truth.

    Raises:
        MissionError: if there is no ledger, or it holds no picture of any day.
        ScenarioError: if the truth cannot be read.
    """
    known = read_truth(truth)
    with view(ledger_folder(run), KINDS) as ledger:
        return score(known, _told(ledger))


def _told(ledger: Reader) -> Told:
    """What the latest picture of each day says of that day.

    Raises:
        MissionError: if the ledger holds no picture.
    """
    latest = {one.day: one for one in ledger.records(Picture)}
    if not latest:
        msg = f"{ledger.folder} holds no picture of any day; run the mission first"
        raise MissionError(msg)
    incidents = {one.id: one for one in ledger.records(Incident)}
    findings = {one.id: one for one in ledger.records(Finding)}
    kept = {one.id: one for one in ledger.records(Compliance)}
    told: list[Incident] = []
    graded: list[Finding] = []
    judged: list[Compliance] = []
    for _, picture in sorted(latest.items(), key=lambda item: item[0].begin):
        here = [incidents[one] for one in picture.incidents]
        today = {one.id: one for one in here if counted_in(one.time, picture.day)}
        told += today.values()
        graded += [f for k in picture.findings if (f := findings[k]).incident in today]
        judged += [kept[one] for one in picture.compliance]
    known = known_times(
        list(ledger.records(Detection)), list(ledger.records(Observation))
    )
    return Told(tuple(told), tuple(graded), tuple(judged), known)


def write_score(cards: tuple[Scorecard, ...], out: Path) -> None:
    """A page and a JSON file of scorecards, and a line each in the history beside.

    Raises:
        OSError: if the folder cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    bodies = [json.loads(written_out(one)) for one in cards]
    (out / "scorecard.html").write_text(page(cards), "utf-8")
    (out / "scorecard.json").write_text(json.dumps(bodies, indent=1) + "\n", "utf-8")
    with (out / "history.jsonl").open("a", encoding="utf-8") as history:
        for body in bodies:
            history.write(json.dumps(body) + os.linesep)


def say(card: Scorecard) -> list[str]:
    """A scorecard in lines for a terminal."""
    seed = f", seed {card.seed}" if card.seed else f", {card.exercises} exercises"
    true, held = 100 * card.precision_ratio, 100 * card.p_covered
    exempt, points, best = card.exempted, card.points, card.breach
    return [
        f"{card.scenario}{seed}: {card.breaches} breaches",
        f"  told {card.told} of {card.incidents} incidents, {true:.0f} % true",
        f"  severe breaches told {card.severe.told} of {card.severe.happened}",
        f"  a breach: Brier {best.brier_ratio:.3f} (uncalibrated "
        f"{card.breach_brier_raw_ratio:.3f}, points {points.brier_ratio:.3f}), "
        f"ECE {best.ece_ratio:.3f} over {best.statements} findings",
        f"  it happened: Brier {card.existence.brier_ratio:.3f}, "
        f"ECE {card.existence.ece_ratio:.3f}",
        f"  in the 90 % ellipse {held:.1f} % of {card.matched}, "
        f"median {card.median_away_m:.0f} m off",
        f"  awaiting review for Verified {card.awaiting} ({card.sure} breaches), "
        f"false {card.awaiting_false}; "
        f"Probable though nothing was {card.untrue_sure}",
        f"  announced work or not: right {exempt.right}, open {exempt.undecided}, "
        f"wrong {exempt.wrong} of {exempt.matched} ({exempt.works} works)",
        f"  side assessed {card.attributed}, wrong {card.wrong_side}",
        f"  points method: confirmed {points.confirmed}, untrue {points.untrue}",
        *_alerts(card),
        f"  silence bounds held: {card.bounds_held} of {card.bounds}",
    ]


def _alerts(card: Scorecard) -> list[str]:
    """First alerts in lines: all of them, then by channel."""
    return [
        f"  first alert{f' by {row.channel}' if row.channel else ''}: {row.alerts} of "
        f"{card.breaches}, half within {lasting(row.median_s)}, "
        f"nine in ten within {lasting(row.p90_s)}"
        for row in card.alerts
    ]


def rehearse(scenario: str, out: Path) -> None:
    """Make an exercise in a folder, run it, score it, and say where all of it is.

    Raises:
        ScenarioError: if there is no such scenario.
        MissionError: if its mission cannot be run.
        OSError: if the folder cannot be written.
    """
    truth = make(read_scenario(scenario), 1, out)
    write(sys.stdout, f"exercise  {out}  ({len(truth)} things happen or are said)")
    summary, run = start(out / "mission.yaml", out / "run")
    card = score_run(run, out / TRUTH)
    write_score((card,), out / "score")
    for one in summary.bulletins:
        write(sys.stdout, f"bulletin  {one}")
    write(sys.stdout, "\n".join(say(card)))
    write(sys.stdout, f"page      {out / 'score' / 'scorecard.html'}")
