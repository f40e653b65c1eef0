"""What this stage makes: something one procedure could not explain as usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from trucewatch.agreement.taxonomy import Act
from trucewatch.agreement.terms import Versions
from trucewatch.collect.nodes import Clock
from trucewatch.collect.observation import Observation
from trucewatch.collect.source import Columns
from trucewatch.period import Period
from trucewatch.place import Whereabouts
from trucewatch.record import Record, RecordId, Value


class Channel(StrEnum):
    """Kinds of evidence that do not err for the same reason."""

    INSTRUMENT = "instrument"
    OBSERVER = "observer"
    MEDIA = "media"
    PARTY = "party"
    CONTEXT = "context"  # wide-area: never bears on a point


@dataclass(frozen=True, slots=True)
class ActShare(Value):
    """One possible act and its probability."""

    act: Act
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing(Value):
    """A wave that crossed an array: from which side and when, not from how far.

    Attributes:
        lat_deg: of the array.
        lon_deg: of the array.
        time: of the arrival.
        back_azimuth_deg: clockwise from north, where the wave came from.
        back_azimuth_sd_deg: of the measurement, without the air's share.
        trace_velocity_mps: along the ground.
        trace_velocity_sd_mps: standard deviation.
        reach_m: from farther off the array would hardly hear what is looked for.
        clock: what the channels' records said of their clocks then.
        clock_sigma_s: error of the time that is the clocks'; 0 where nobody knows.
    """

    lat_deg: float
    lon_deg: float
    time: datetime
    back_azimuth_deg: float
    back_azimuth_sd_deg: float
    trace_velocity_mps: float
    trace_velocity_sd_mps: float
    reach_m: float
    clock: Clock = Clock.UNKNOWN
    clock_sigma_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Onset(Value):
    """One phase as one seismic station read it.

    Attributes:
        phase: ``P``, ``S`` or ``A`` (through the air).
        time: of the onset.
        sd_s: standard deviation of reading it and of the clock.
        clutter_per_day: how often this station picks the phase at all.
    """

    phase: str
    time: datetime
    sd_s: float
    clutter_per_day: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaking(Value):
    """What one seismic station read of one source: when, not from where.

    Attributes:
        lat_deg: of the station.
        lon_deg: of the station.
        onsets: one per phase at most, in order of time.
        reach_m: from farther off the station would hardly feel what is looked for.
    """

    lat_deg: float
    lon_deg: float
    onsets: tuple[Onset, ...]
    reach_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection(Record):
    """A phenomenon that stands out of the background of one procedure.

    Attributes:
        detector: name of the plug-in that made it.
        channel: which kind of evidence it is.
        acts: what it may have been; probabilities sum to 1.
        units: kinetic units reported, ``None`` where uncounted.
        log10_likelihood_ratio: of what was observed, something happened against
            nothing happened; 0 for context.
        independence: key shared by detections that can err together.
        claimed_by: party whose word it is; empty for everybody else's.
        against: party the word is about; empty for none.
        place_prec: UCDP ``where_prec`` of the place, 1 to 7.
        measured: what was measured where place and time alone do not say it; fusion
            takes it in place of both.
        log10_alone: prior odds of what its speaker alone says, as its record has it;
            ``None`` for what the settings of fusion say.
        admits: whether a party tells it of its own side.
        made_known: when it was printed, where the print alone tells when it was; the
            delays of its kind then weigh the time (``detect.delay``).
    """

    detector: str
    channel: Channel
    acts: tuple[ActShare, ...]
    units: int | None
    place: Whereabouts
    time: Period
    log10_likelihood_ratio: float
    independence: str
    claimed_by: str = ""
    against: str = ""
    place_prec: int = 7
    measured: Bearing | Shaking | None = None
    admits: bool = False
    made_known: datetime | None = None
    log10_alone: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All a detector may look at.

    Attributes:
        observations: of every source, in ledger order.
        columns: tables with their columns.
        watched: detections are made inside; the rest serves as background.
        settings_id: id of the settings record, to be cited by every detection.
        terms: all versions of the agreement, for detectors that ask where something
            would matter; empty where nobody gave any.
    """

    observations: tuple[Observation, ...]
    columns: tuple[Columns, ...]
    watched: Period
    settings_id: RecordId
    terms: Versions = ()


class Detector(Protocol):
    """Finds detections. A module with this function is a detector."""

    def detect(self, evidence: Evidence) -> tuple[Detection, ...]:
        """What stands out, sorted by time and id; never depends on input order."""
        ...
