"""One side's claims of what the other launched, gathered into raids.

1. rows with hours that overlap or adjoin, up to a day in all, are one raid
2. a row with a date only joins the raid it shares most time with, else it is a raid
3. drones of the front make raids of their own: they are no part of a long-range one
4. the raid's units are the sum of its rows, drones that only observe included; what it
   was is told by those that attack. It is one party's word, capped as such
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import LaunchClaim, Observation, Rounding
from trucewatch.detect.detection import ActShare, Channel, Detection, Evidence
from trucewatch.detect.select import in_order, sources, watched, weighted
from trucewatch.detect.strength import LOG10_PARTY_CAP
from trucewatch.detect.weapon import act_of
from trucewatch.period import Period
from trucewatch.place import Area, Unlocated, Whereabouts, where_prec

ADJOIN = timedelta(minutes=30)  # posts give half hours
LONGEST = timedelta(hours=24)  # a chain of rows longer than a day is several raids

COUNTRY = "country"

Row = tuple[Observation, LaunchClaim]


@dataclass(slots=True)
class _Raid:
    time: Period
    rows: list[Row] = field(default_factory=list)


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per raid: of one speaker, one side spoken of, one reach."""
    alike: dict[tuple[str, str, bool], list[Row]] = {}
    for one, claim in watched(evidence, LaunchClaim):
        of_front = act_of(claim.weapon) is Act.DRONE_IMPACT
        key = (claim.speaker, claim.against, of_front)
        alike.setdefault(key, []).append((one, claim))
    return in_order(
        _detection(raid, evidence) for rows in alike.values() for raid in _raids(rows)
    )


def _raids(rows: Sequence[Row]) -> list[_Raid]:
    hours = [row for row in rows if _has_hours(row[0])]
    raids: list[_Raid] = []
    for row in sorted(hours, key=_when):
        time = row[0].phenomenon_time
        if raids and _adjoins(raids[-1].time, time):
            raids[-1].time = _hull(raids[-1].time, time)
        else:
            raids.append(_Raid(time))
        raids[-1].rows.append(row)
    return _with_dates(raids, [row for row in rows if not _has_hours(row[0])])


def _with_dates(raids: list[_Raid], dated: Sequence[Row]) -> list[_Raid]:
    """Rows with a date only never link raids: each joins one."""
    days: dict[Period, _Raid] = {}
    for row in dated:
        time = row[0].phenomenon_time
        most = max(raids, key=lambda raid: raid.time.overlap_s(time), default=None)
        if most is None or most.time.overlap_s(time) == 0:
            most = days.setdefault(time, _Raid(time))
        most.rows.append(row)
    return [*raids, *days.values()]


def _detection(raid: _Raid, evidence: Evidence) -> Detection:
    claims = [claim for _, claim in raid.rows]
    place = _place([one.place for one, _ in raid.rows])
    return Detection(
        detector="launches",
        channel=Channel.PARTY,
        acts=_acts(claims),
        units=sum(claim.units for claim in claims),
        place=place,
        time=raid.time,
        log10_likelihood_ratio=LOG10_PARTY_CAP,
        independence="+".join(sorted({one.independence for one, _ in raid.rows})),
        claimed_by=claims[0].speaker,
        against=claims[0].against,
        place_prec=where_prec(place),
        derived_from=sources(evidence, [one.id for one, _ in raid.rows]),
    )


def _acts(claims: Sequence[LaunchClaim]) -> tuple[ActShare, ...]:
    """Shares by number; drones that only observe make a raid no less of an attack."""
    weights: dict[Act, float] = {}
    for claim in claims:
        act = act_of(claim.weapon)
        weights[act] = weights.get(act, 0.0) + claim.units
    attacking: dict[Act, float] = {
        act: n for act, n in weights.items() if act is not Act.OVERFLIGHT
    }
    return weighted(attacking or weights)


def _place(places: Sequence[Whereabouts]) -> Whereabouts:
    """The area all rows name; else the country one of them names; else none."""
    areas = sorted({one for one in places if isinstance(one, Area)}, key=_words)
    if len(areas) == 1 and len(set(places)) == 1:
        return areas[0]
    return next((one for one in areas if one.level == COUNTRY), Unlocated())


def _words(area: Area) -> tuple[str, str]:
    return area.level, area.name


def _when(row: Row) -> tuple[datetime, datetime]:
    return row[0].phenomenon_time.begin, row[0].phenomenon_time.end


def _has_hours(one: Observation) -> bool:
    return one.rounding in (Rounding.SECOND, Rounding.MINUTE, Rounding.HOUR)


def _adjoins(raid: Period, row: Period) -> bool:
    both = _hull(raid, row)
    return raid.overlaps(row, ADJOIN) and both.end - both.begin <= LONGEST


def _hull(one: Period, other: Period) -> Period:
    return Period(min(one.begin, other.begin), max(one.end, other.end))
