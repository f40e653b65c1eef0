"""Learn by how much ellipses of fused incidents must grow, and write it down.

    python -m benchmarks.ellipses --drawn 0 40 [--out FILE]     # learn and write
    python -m benchmarks.ellipses --check 1 3 --scenarios …     # how often they hold

Learnt on drawn exercises and days of booms (``benchmarks/rehearse.py``), checked on
shipped scenarios that nothing was learnt from.
What is kept for the same numbers is used again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from benchmarks.rehearse import Rehearsed, booming, drawn, shipped

from trucewatch.exercise.match import matched
from trucewatch.exercise.scenario import shipped as names
from trucewatch.fuse.ellipses import Ellipses, Evidence, evidence_of, fitted
from trucewatch.fuse.settings import default_fusion_settings
from trucewatch.record import written_out
from trucewatch.share.select import counted_in

OUT = Path("src/trucewatch/fuse/fusion.json")
HEAVY = "heavy-day"

BOOMS = 3  # days of booms
# What a party or an outlet says names its place; how well exercises do that teaches
# nothing of how well people do.
MEASURED = [one for one in Evidence if one not in (Evidence.PRINT, Evidence.WORDS)]

Case = tuple[Evidence, str, float]


def cases_of(one: Rehearsed) -> Iterator[Case]:
    """Of each incident with a true place: evidence, id, and what it would take."""
    incidents = [
        incident
        for _, found, _ in one.pictures
        for incident in found.incidents
        if counted_in(incident.time, found.picture.day)
    ]
    for pair in matched(incidents, one.truth.happenings, one.truth.plane):
        incident = incidents[pair.incident]
        evidence = evidence_of(incident.contributions, incident.signs)
        yield evidence, incident.id, pair.reach_ratio


def learnt(exercises: Sequence[Rehearsed]) -> Ellipses:
    """What ratios the cases ask for, beside those their ellipses grew by already."""
    grown = default_fusion_settings().ellipses
    cases = [case for one in exercises for case in cases_of(one)]
    found = []
    for evidence in MEASURED:
        already = grown.ratio(evidence) if grown else 1.0
        mine = [reach * already for kind, _, reach in cases if kind is evidence]
        if (one := fitted(evidence, mine)) is not None:
            found.append(one)
    said = "\n".join(f"{kind} {name} {reach:.6f}" for kind, name, reach in cases)
    return Ellipses(
        f"{len(cases)} places of {len(exercises)} drawn exercises "
        "(benchmarks/ellipses.py)",
        sha256(said.encode()).hexdigest(),
        tuple(found),
    )


def check(exercises: Iterable[Rehearsed]) -> None:
    """Print how often ellipses held, by evidence."""
    cases = [case for one in exercises for case in cases_of(one)]
    for evidence in (*Evidence, None):
        held = [r <= 1 for kind, _, r in cases if evidence in (None, kind)]
        if held:
            share = sum(held) / len(held)
            print(f"{evidence or 'all':15} {len(held):6} {100 * share:6.1f} %")


def main() -> None:
    """Learn and write, or check."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--drawn", type=int, nargs=2, default=(0, 40))
    asked.add_argument("--check", type=int, nargs=2)
    asked.add_argument(
        "--scenarios", nargs="+", default=[n for n in names() if n != HEAVY]
    )
    asked.add_argument("--out", type=Path, default=OUT)
    given = asked.parse_args()
    if given.check:
        seeds = range(*given.check)
        check(shipped(name, seed) for name in given.scenarios for seed in seeds)
        return
    exercises = [drawn(number) for number in range(*given.drawn)]
    exercises += [booming(number) for number in range(BOOMS)]
    found = learnt(exercises)
    body = json.loads(given.out.read_text("utf-8"))
    body["ellipses"] = json.loads(written_out(found))
    given.out.write_text(json.dumps(body, indent=2) + "\n", "utf-8")
    for one in found.widenings:
        print(f"{one.evidence:15} {one.grow_ratio:6.3f} {one.cases:6}")


if __name__ == "__main__":
    main()
