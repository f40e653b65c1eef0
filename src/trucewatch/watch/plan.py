"""What the mission file asked for, as a record: how every picture is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version

from trucewatch.agreement.terms import Versions
from trucewatch.record import Record
from trucewatch.share.release import Stage
from trucewatch.watch.mission import STAGE_DELAY, Mission


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Record):
    """The part of the mission file that decides results; derives from the terms.

    Attributes:
        zone: IANA zone of the local days.
        horizon_s: how far back incidents may still change.
        cutoff_after_day_s: when, after the end of a day, the reviewed stage closes.
        software: version of trucewatch that drew the pictures of this plan.
    """

    mission: str
    title: str
    zone: str
    horizon_s: float
    cutoff_after_day_s: float
    sectors: tuple[str, ...]
    procedures: tuple[str, ...]
    detectors: tuple[str, ...]
    software: str

    def delay(self, stage: Stage) -> timedelta:
        """How long after the end of a day a stage takes in news."""
        if stage is Stage.R:
            return timedelta(seconds=self.cutoff_after_day_s)
        return STAGE_DELAY[stage]


def plan_of(mission: Mission, versions: Versions) -> Plan:
    """The plan a mission file amounts to, derived from the terms it names."""
    return Plan(
        mission=mission.mission,
        title=mission.title,
        zone=mission.zone or versions[-1].local_zone,
        horizon_s=mission.horizon.total_seconds(),
        cutoff_after_day_s=mission.cutoff_after_day.total_seconds(),
        sectors=mission.sectors,
        procedures=mission.procedures,
        detectors=mission.chosen_detectors(),
        software=version("trucewatch"),
        derived_from=tuple(one.id for one in versions),
    )
