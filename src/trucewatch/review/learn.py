"""What incidents and people decided of the words of parties.

A claim is decided without its speaker: by everything else that bears on its incident
(all but certain, or all but excluded), or by a person who rejected it, or confirmed it
on other grounds too. One incident counts once for a speaker, however often it spoke.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trucewatch.fuse.incident import Contribution, Incident
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.track import Tally, TrackRecord, tracks_of
from trucewatch.grade.finding import Finding
from trucewatch.record import RecordId
from trucewatch.review.decision import Decision, Verdict

P_HELD = 0.95  # from here on an incident was, whoever else says so
P_FAILED = 0.05  # up to here it was not

Said = tuple[str, str, str, bool]  # incident's name, speaker, accused, admits


@dataclass(frozen=True, slots=True)
class Ruling:
    """How one claim was decided, and on what that rests."""

    held: bool
    rests_on: tuple[RecordId, ...]


class Memory:
    """What was decided so far, picture by picture; the latest word counts."""

    def __init__(self) -> None:
        """Nothing is decided yet."""
        self._ruled: dict[Said, Ruling] = {}
        self._cutoff: datetime | None = None

    def learn(
        self,
        incidents: Sequence[Incident],
        findings: Sequence[Finding],
        decisions: Sequence[Decision],
        cutoff: datetime,
    ) -> None:
        """Take in one picture and the decisions on it."""
        names = {one.id: one.name for one in incidents}
        of_finding = {one.id: names[one.incident] for one in findings}
        ruled = {
            of_finding[one.finding]: one
            for one in sorted(decisions, key=lambda d: (d.decided, d.id))
            if one.finding in of_finding
        }
        for incident in incidents:
            for word in (one for one in incident.contributions if one.claimed_by):
                ruling = _ruling(incident, word, ruled.get(incident.name))
                key = incident.name, word.claimed_by, word.against, word.admits
                if ruling:
                    self._ruled[key] = ruling
                else:
                    self._ruled.pop(key, None)
        self._cutoff = cutoff

    def record(self, settings: FusionSettings) -> TrackRecord | None:
        """What is known by now; ``None`` where no claim was ever decided."""
        if not self._ruled or self._cutoff is None:
            return None
        counts: dict[tuple[str, str, bool], list[int]] = {}
        for (_, speaker, against, admits), ruling in self._ruled.items():
            count = counts.setdefault((speaker, against, admits), [0, 0])
            count[0 if ruling.held else 1] += 1
        tallies = [Tally(*key, *counts[key]) for key in sorted(counts)]
        rests_on = {n for ruling in self._ruled.values() for n in ruling.rests_on}
        return TrackRecord(
            cutoff=self._cutoff,
            settings=settings.version,
            tracks=tracks_of(tallies, settings),
            derived_from=(*sorted(rests_on), settings.id),
        )


def _ruling(
    incident: Incident, word: Contribution, decision: Decision | None
) -> Ruling | None:
    others = any(one.claimed_by != word.claimed_by for one in incident.contributions)
    if decision is not None:
        rests_on = (incident.id, decision.id)
        if decision.verdict is Verdict.REJECTED:
            return Ruling(held=False, rests_on=rests_on)
        if decision.verdict is Verdict.CONFIRMED and others:
            return Ruling(held=True, rests_on=rests_on)
    if word.p_without <= P_FAILED:
        return Ruling(held=False, rests_on=(incident.id,))
    if word.p_without >= P_HELD and others:
        return Ruling(held=True, rests_on=(incident.id,))
    return None
