"""What to look at after a day: open incidents and ground that was hardly watched."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from trucewatch.errors import MissionError
from trucewatch.fuse.incident import Incident
from trucewatch.grade.finding import Finding
from trucewatch.period import Period
from trucewatch.place import Place
from trucewatch.record import RecordId
from trucewatch.review.cue import Cue, Doubt, Scene, cues, entropy_bits
from trucewatch.review.decision import Decision
from trucewatch.store.reader import Reader, view
from trucewatch.watch.again import ledger_folder
from trucewatch.watch.assets import read_assets
from trucewatch.watch.completeness import Wanted, draw_map
from trucewatch.watch.picture import Picture
from trucewatch.watch.run import KINDS
from trucewatch.watch.terminal import on_one_line, write

_LEAST_BITS = 0.01


@dataclass(frozen=True, slots=True)
class Budget:
    """How long all looks may take together, and the worth of seeing all ground."""

    budget_h: float
    blind_bits: float


def cue(what: Path, wanted: Wanted, assets: Path, budget: Budget) -> tuple[Cue, ...]:
    """The looks to take on the day after a day, the most valuable first.

    Args:
        what: a mission file or a ledger.
        wanted: which map says how well the ground was watched.
        assets: the file of who could look.
        budget: of all looks together.

    Raises:
        MissionError: if nothing was run yet or the assets are no such file.
    """
    drawn = draw_map(what, wanted)
    with view(ledger_folder(what), KINDS) as ledger:
        doubts = _doubts(ledger, drawn.period)
    tomorrow = Period(drawn.period.end, drawn.period.end + timedelta(days=1))
    able = read_assets(assets, drawn.grid, tomorrow)
    p_noticed = drawn.p["all"].mean(1)
    scene = Scene(drawn.grid, doubts, p_noticed, drawn.act, budget.blind_bits)
    return cues(scene, able, budget.budget_h)


def _doubts(ledger: Reader, day: Period) -> tuple[Doubt, ...]:
    """Incidents of the day's latest picture that are neither sure nor decided.

    Raises:
        MissionError: if no picture was drawn of the day.
    """
    pictures = [one for one in ledger.records(Picture) if one.day == day]
    if not pictures:
        days = sorted({f"{one.day.begin:%Y-%m-%d}" for one in ledger.records(Picture)})
        drawn = f"{days[0]} to {days[-1]}" if days else "none"
        msg = f"no picture was drawn of {day.begin:%Y-%m-%d}; pictures: {drawn}"
        raise MissionError(msg)
    latest = max(pictures, key=lambda one: one.cutoff)
    known, told = set(latest.incidents), set(latest.findings)
    decided = {one.finding for one in ledger.records(Decision)}
    worst: dict[RecordId, tuple[float, int, float]] = {}
    for one in ledger.records(Finding):
        if one.id in told and one.id not in decided:
            gravity = int(one.severity.value.removeprefix("S"))
            doubt = (entropy_bits(one.p_breach) * gravity, gravity, one.p_breach)
            worst[one.incident] = max(worst.get(one.incident, (0.0, 0, 0.0)), doubt)
    return tuple(
        Doubt(one.name, one.place, worst[one.id][2], worst[one.id][1])
        for one in ledger.records(Incident)
        if one.id in known
        and isinstance(one.place, Place)
        and worst.get(one.id, (0.0, 0, 0.0))[0] >= _LEAST_BITS
    )


def show_cues(found: tuple[Cue, ...], *, as_json: bool) -> None:
    """Print the looks to take, each with what it would settle."""
    if as_json:
        write(sys.stdout, json.dumps([asdict(one) for one in found], indent=2))
        return
    for rank, one in enumerate(found, 1):
        when = f"  {one.when}" if one.when else ""
        where = f"{one.lat_deg:.3f} {one.lon_deg:.3f}{when}"
        head = f"{rank:>3}  {one.asset} ({one.procedure})  {where}"
        write(
            sys.stdout,
            on_one_line(f"{head}  {one.takes_h:g} h  {one.worth_bits:.2f} bits"),
        )
        for name, bits in one.settles[:3]:
            write(sys.stdout, on_one_line(f"       {name}: {bits:.2f} bits"))
        if len(one.settles) > 3:
            rest = sum(bits for _, bits in one.settles[3:])
            more = len(one.settles) - 3
            noun = "incident" if more == 1 else "incidents"
            write(sys.stdout, f"       {more} more {noun}: {rest:.2f} bits")
        if one.blind_bits >= _LEAST_BITS:
            write(
                sys.stdout, f"       hardly watched ground: {one.blind_bits:.2f} bits"
            )
    total = sum(one.worth_bits for one in found)
    write(
        sys.stdout,
        f"{len(found)} looks, {total:.2f} bits (1 bit: one even doubt settled, "
        "times severity)",
    )
