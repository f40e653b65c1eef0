"""How far the word of each party held, and what a further word of it adds.

    p      = (s m + true) / (s + true + false)      Beta posterior, speaker and accused
    m      = (s m0 + true') / (s + true' + false')  the same over all whom it speaks of
    m0     = what the settings say of a claim of which nothing is known

Both are shrunk by ``s`` claims. What is learnt may lower a word below the settings and
never lifts it above: claims that can be decided are those near sensors, not a sample.

Source: MODEL 6.2, party bias, with Beta priors; cap log 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import log10

from trucewatch.detect.detection import Channel, Detection
from trucewatch.fuse.settings import FusionSettings
from trucewatch.record import Record, Value

SHRINK_CLAIMS = 8.0  # so many decided claims weigh as much as the prior; judgement


@dataclass(frozen=True, slots=True)
class Track(Value):
    """How far the word of one party about one other held.

    Attributes:
        admits: whether it speaks of its own side, against its interest.
        held: claims decided to be true without its word; ``failed`` to be false.
        p_holds: posterior mean that such a claim is true.
        log10_ratio: what one word of it adds to the odds of what others show.
        log10_alone: prior odds of what it alone says; with the ratio, ``p_holds`` or
            less.
    """

    speaker: str
    against: str
    admits: bool
    held: int
    failed: int
    p_holds: float
    log10_ratio: float
    log10_alone: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord(Record):
    """What had been decided by a cut-off; derives from the incidents that decided.

    Attributes:
        cutoff: of the latest picture it rests on.
        settings: version of the fusion settings it starts from.
    """

    cutoff: datetime
    settings: str
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Tally(Value):
    """Decided claims of one kind: whose, of whom, and how they were decided."""

    speaker: str
    against: str
    admits: bool
    held: int
    failed: int


def tracks_of(tallies: Sequence[Tally], settings: FusionSettings) -> tuple[Track, ...]:
    """The track of every speaker and accused, by name; order never matters."""
    log10_default = settings.log10_odds_of_claim + settings.log10_party_cap
    m0 = 1 / (1 + 10**-log10_default)
    every: dict[tuple[str, bool], tuple[int, int]] = {}
    for one in tallies:
        held, failed = every.get((one.speaker, one.admits), (0, 0))
        every[one.speaker, one.admits] = held + one.held, failed + one.failed
    rows = []
    for one in tallies:
        m = _mean(m0, *every[one.speaker, one.admits])
        rows.append(_track(one, _mean(m, one.held, one.failed), settings))
    return tuple(sorted(rows, key=lambda t: (t.speaker, t.against, t.admits)))


def _mean(prior: float, held: int, failed: int) -> float:
    return (SHRINK_CLAIMS * prior + held) / (SHRINK_CLAIMS + held + failed)


def _track(one: Tally, p_holds: float, settings: FusionSettings) -> Track:
    log10_odds = log10(p_holds / (1 - p_holds))
    base, cap = settings.log10_odds_of_claim, settings.log10_party_cap
    ratio = max(0.0, min(log10_odds - base, cap))
    return Track(
        speaker=one.speaker,
        against=one.against,
        admits=one.admits,
        held=one.held,
        failed=one.failed,
        p_holds=p_holds,
        log10_ratio=ratio,
        log10_alone=min(log10_odds - ratio, base),
    )


def trusted(
    detections: Sequence[Detection], record: TrackRecord | None
) -> tuple[Detection, ...]:
    """The detections, words of parties weighed by their track; in the same order.

    A word of which nothing is known keeps what the detector gave it. Each that is
    changed cites the record.
    """
    if record is None:
        return tuple(detections)
    known = {(one.speaker, one.against, one.admits): one for one in record.tracks}
    return tuple(_trusted(one, known, record) for one in detections)


def _trusted(
    one: Detection, known: dict[tuple[str, str, bool], Track], record: TrackRecord
) -> Detection:
    track = known.get((one.claimed_by, one.against, one.admits))
    if one.channel is not Channel.PARTY or track is None:
        return one
    return replace(
        one,
        log10_likelihood_ratio=min(one.log10_likelihood_ratio, track.log10_ratio),
        log10_alone=track.log10_alone,
        derived_from=(*one.derived_from, record.id),
    )
