"""Whose doing it was: an attack, announced work, or thunder and everyday blasting.

What nodes and observers hear says that something banged, not what. Three causes
compete for each such incident:

    attack    share s of what is heard here and is no announced work
    nature    the rest: thunder, quarries, works nobody announced
    work      one blast an announcement, even over the ground and hours it covers

    odds attack : nature = s / (1 - s) x product over features f of P(f | a) / P(f | n)
    odds work   : attack = density of work / density of attacks x product over features

Features are who speaks of it, how many rounds it had, and what bangs around it
(``patterns``). What physics says of an incident (its ``signs``: sounds from high above,
a front that sweeps) counts as it stands and is not learnt. The share is that of the
very place and days: the mode under a Beta law learnt from exercises, by expectation and
maximisation over all that was heard. A word of a party counts among the features only
once: invented words make no sound, so they meet no bang; but a party that hears thunder
and calls it shelling is believed too much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, log10, radians
from zoneinfo import ZoneInfo

from trucewatch.agreement.taxonomy import Act, is_a
from trucewatch.detect.detection import Channel
from trucewatch.fuse.incident import Incident
from trucewatch.fuse.state import METRES_PER_DEG
from trucewatch.grade.calibration import NOTHING_LOG10, Calibration, Feature
from trucewatch.grade.patterns import patterns_of
from trucewatch.grade.venn_abers import CERTAIN, Interval
from trucewatch.place import Place
from trucewatch.record import RecordId

# Keys of those that know an incident by its sound, and so cannot tell a blast.
BY_EAR = ("acoustic", "infrasound", "patrol", "observer")
ROUNDS = 50  # of expectation and maximisation
FALSE_BROADCASTS = "spoofing"  # key of what was broadcast and is not true
# A false track may be a party's, a third's or a prank: nothing tells. Judgement.
ANYBODYS = Interval(0.5, 0.25, 0.75)
DAY_S = 86_400.0
SELDOM_LOG10 = -4.0  # attacks per km2 and day where nothing is known, as in fusion
LEAST_KM2 = 400.0  # what is heard in a smaller place was listened for farther around
LEAST_DAYS = 1.0
UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Weight:
    """One feature of an incident and what it is worth, in decades."""

    name: str
    log10_deed_ratio: float
    log10_work_ratio: float


@dataclass(frozen=True, slots=True)
class Cause:
    """What is known of the cause of one incident before any notice is read.

    Attributes:
        heard: whether nature could have made it; else ``deed`` is certain.
        deed: that it was an attack, given that it was no announced work.
        log10_share_odds: of attacks among what is heard here.
        weights: what its features are worth.
        log10_attacks_per_km2_day: density of attacks here, as far as is known.
    """

    heard: bool
    deed: Interval
    log10_share_odds: float = 0.0
    weights: tuple[Weight, ...] = ()
    log10_attacks_per_km2_day: float = SELDOM_LOG10

    @property
    def log10_deed_odds(self) -> float:
        """Odds of an attack, against what nature and everyday work do."""
        told = sum(one.log10_deed_ratio for one in self.weights)
        return self.log10_share_odds + told

    @property
    def log10_work_ratio(self) -> float:
        """Of its features, were it announced work, against an attack."""
        return sum(one.log10_work_ratio for one in self.weights)


A_DEED = Cause(heard=False, deed=CERTAIN)
Causes = Mapping[RecordId, Cause]


def causes_of(
    incidents: Sequence[Incident],
    calibration: Calibration | None,
    zone: ZoneInfo = UTC_ZONE,
) -> dict[RecordId, Cause]:
    """The cause of each incident; an attack where somebody did more than hear it.

    Whose a false broadcast is nothing tells.

    ``zone`` is whose clock people work by. Order never matters.
    """
    if calibration is None:
        return {one.id: A_DEED for one in incidents}
    heard = [one for one in incidents if is_heard(one)]
    there = features_each(incidents, heard, zone)
    channels = {c.channel for one in incidents for c in one.contributions}
    weights = {
        one.id: (*weights_of(there[one.id], channels, calibration), *by_signs(one))
        for one in incidents
    }
    share, attacks = _share(sorted(_total(weights[h.id]) for h in heard), calibration)
    density = max(SELDOM_LOG10, log10(max(attacks, 0.1) / _km2_days(heard)))
    by_ear = {one.id for one in heard}
    return {
        one.id: Cause(
            heard=one.id in by_ear,
            deed=calibration.deeds.interval(share + _total(weights[one.id]))
            if one.id in by_ear
            else (ANYBODYS if _is_broadcast(one) else CERTAIN),
            log10_share_odds=share,
            weights=weights[one.id],
            log10_attacks_per_km2_day=density,
        )
        for one in incidents
    }


def by_signs(incident: Incident) -> tuple[Weight, ...]:
    """What physics says against a bang on the ground, be it an attack or a blast."""
    ratios = [(s.code, -s.log10_ratio) for s in incident.signs if s.log10_ratio]
    return tuple(Weight(code, ratio, 0.0) for code, ratio in ratios)


def _is_broadcast(incident: Incident) -> bool:
    """Whether nothing but a false broadcast was noticed."""
    keys = {one.independence.partition(":")[0] for one in incident.contributions}
    return keys == {FALSE_BROADCASTS}


def is_heard(incident: Incident) -> bool:
    """Whether it may be an attack, and all that witnessed it did so by its sound."""
    act = max(incident.acts, key=lambda one: (one.p, one.act)).act
    if not is_a(act, Act.ATTACK):
        return False
    keys = [
        one.independence.partition(":")[0]
        for one in incident.contributions
        if one.channel in (Channel.INSTRUMENT, Channel.OBSERVER)
    ]
    return bool(keys) and all(key in BY_EAR for key in keys)


def weights_of(
    there: frozenset[str], channels: set[Channel], calibration: Calibration
) -> tuple[Weight, ...]:
    """What each feature that is there, and each that is not, is worth.

    ``channels`` are those that delivered anything at all: where no party spoke of
    anything, that it did not speak of this says nothing.
    """
    silent = {
        name
        for name, channel in (("word", Channel.PARTY), ("print", Channel.MEDIA))
        if channel in channels
    }
    return tuple(
        _weight(one, one.name in there)
        for one in calibration.features
        if one.name in there or one.name in silent
    )


def features_each(
    incidents: Sequence[Incident], heard: Sequence[Incident], zone: ZoneInfo
) -> dict[RecordId, frozenset[str]]:
    """Codes of the features of each incident; patterns only of those ``heard``."""
    around = patterns_of(heard, zone)
    return {
        one.id: _features_of(one) | around.get(one.id, frozenset()) for one in incidents
    }


def _features_of(incident: Incident) -> frozenset[str]:
    channels = {one.channel for one in incident.contributions}
    found = {
        "word": Channel.PARTY in channels,
        "print": Channel.MEDIA in channels,
        "one_round": incident.units_best <= 1,
        "two_rounds": incident.units_best == 2,
        "more_rounds": incident.units_best > 2,
    }
    return frozenset(name for name, there in found.items() if there)


def _weight(feature: Feature, there: bool) -> Weight:
    if there:
        return Weight(feature.name, feature.log10_deed_ratio, feature.log10_work_ratio)
    return Weight(
        f"no_{feature.name}",
        feature.log10_absent_ratio,
        feature.log10_work_absent_ratio,
    )


def _total(weights: Sequence[Weight]) -> float:
    return sum(one.log10_deed_ratio for one in weights)


def _share(ratios: Sequence[float], calibration: Calibration) -> tuple[float, float]:
    """Log10 odds that what is heard is an attack, and how many of it were."""
    before = calibration.prior_cases_ratio
    p_before = calibration.p_attack
    attacks = len(ratios) / 2
    share = 0.5
    for _ in range(ROUNDS):
        share = (attacks + before * p_before) / (len(ratios) + before)
        odds = share / (1 - share)
        attacks = sum(_p(odds * 10**one) for one in ratios)
    return max(log10(share / (1 - share)), NOTHING_LOG10), attacks


def _p(odds: float) -> float:
    return odds / (1 + odds)


def _km2_days(incidents: Sequence[Incident]) -> float:
    """The ground and time that heard incidents span, never next to nothing."""
    places = [one.place for one in incidents if isinstance(one.place, Place)]
    if not places:
        return LEAST_KM2 * LEAST_DAYS
    lats = [one.lat_deg for one in places]
    lons = [one.lon_deg for one in places]
    high_km = (max(lats) - min(lats)) * METRES_PER_DEG / 1000
    flat = cos(radians((max(lats) + min(lats)) / 2))
    wide_km = (max(lons) - min(lons)) * METRES_PER_DEG * flat / 1000
    begin = min(one.time.begin for one in incidents)
    lasting_s = (max(one.time.end for one in incidents) - begin).total_seconds()
    return max(high_km * wide_km, LEAST_KM2) * max(lasting_s / DAY_S, LEAST_DAYS)
