"""What seismic stations picked: P, S and sound of one source at one station.

1. a P, the first S that can follow it from within reach, and the first sound that can
   follow both are of one source; each is a detection of its own where nothing follows
2. its place is the circle about the station from within which it can have come; its
   time what travel from there leaves open
3. how often the station picks each phase at all says what a pick is worth

One station tells a distance where it has two phases, and no direction. Fusion takes
the times as they were read, with bearings and nodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import hypot, isfinite, log10, pi

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.nodes import Clock
from trucewatch.collect.seismic import SEISMIC_PICKS, Phase, SeismicPicks
from trucewatch.collect.source import Columns
from trucewatch.collect.waveforms import CHANNELS, Channels
from trucewatch.detect.detection import Channel, Detection, Evidence, Onset, Shaking
from trucewatch.detect.ground import P_FELT, PATH_RATIO, REACH_M, SPEED_MPS
from trucewatch.detect.select import in_order, shares, sources
from trucewatch.detect.strength import days, log10_ratio, spread_km2
from trucewatch.period import Period
from trucewatch.place import Place, where_prec
from trucewatch.record import RecordId

READING_S = 0.3  # where nobody says
CLOCK_S = {Clock.LOCKED: 0.01, Clock.HOLDOVER: 0.1, Clock.UNKNOWN: 0.1}
LEAST_PER_DAY = 1.0
NEAREST_M = 500.0  # the circle is never smaller
LATEST_NS = 120 * 10**9  # after the first phase, the last one from within reach

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Pick:
    """One onset, and the row it stands in."""

    phase: Phase
    time_ns: int
    sd_s: float
    row: RecordId


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per source that a station felt in the watched period."""
    tables = {one.table.id: one for one in evidence.columns}
    ordered = [tables[name] for name in sorted(tables)]
    stands = [one for one in ordered if one.table.schema == CHANNELS]
    spots = _stands(stands)
    picks: dict[str, list[_Pick]] = {}
    for one in ordered:
        if one.table.schema == SEISMIC_PICKS:
            _gather(one.table.id, SeismicPicks.from_columns(one), picks, spots)
    cited = [one.table.id for one in stands]
    return in_order(
        found
        for station in sorted(picks)
        if station in spots
        for found in _felt(station, spots[station], picks[station], evidence, cited)
    )


def _stands(tables: Sequence[Columns]) -> dict[str, Spot]:
    """Where the first channel of each station stands."""
    spots: dict[str, Spot] = {}
    for one in tables:
        read = Channels.from_columns(one)
        for row, name in enumerate(read.channel_id):
            spot = float(read.lat_deg[row]), float(read.lon_deg[row])
            spots.setdefault(".".join(name.split(".")[:2]), spot)
    return spots


def _gather(
    table: RecordId,
    read: SeismicPicks,
    picks: dict[str, list[_Pick]],
    spots: dict[str, Spot],
) -> None:
    """Add the picks of a table to those of their stations; free clocks are left out."""
    for row in range(len(read)):
        if (clock := Clock(read.clock[row])) is Clock.FREE:
            continue
        station, told = read.station_id[row], float(read.onset_sd_s[row])
        spot = float(read.lat_deg[row]), float(read.lon_deg[row])
        if isfinite(spot[0]):
            spots.setdefault(station, spot)
        sd_s = hypot(told if isfinite(told) else READING_S, CLOCK_S[clock])
        pick = _Pick(
            Phase(read.phase[row]),
            int(read.time_ns[row]),
            sd_s,
            RecordId(f"{table}#{row}"),
        )
        picks.setdefault(station, []).append(pick)


def _felt(
    station: str,
    spot: Spot,
    picks: Sequence[_Pick],
    evidence: Evidence,
    cited: Sequence[RecordId],
) -> Iterator[Detection]:
    once = {(one.time_ns, one.phase): one for one in sorted(picks, key=_order)}
    ordered = [once[key] for key in sorted(once)]
    rates = _rates(ordered)
    for group in _grouped(ordered):
        found = _detection(station, spot, group, rates)
        if evidence.watched.contains(found.time.end):
            rows = sources(evidence, [*cited, *(one.row for one in group)])
            yield replace(found, derived_from=rows)


def _order(one: _Pick) -> tuple[int, Phase, float, RecordId]:
    return one.time_ns, one.phase, -one.sd_s, one.row


def _rates(picks: Sequence[_Pick]) -> dict[Phase, float]:
    """Per phase how many picks the station makes a day."""
    span_days = max((picks[-1].time_ns - picks[0].time_ns) / 86_400e9, 1.0)
    return {
        phase: max(sum(one.phase is phase for one in picks) / span_days, LEAST_PER_DAY)
        for phase in Phase
    }


def _grouped(picks: Sequence[_Pick]) -> Iterator[list[_Pick]]:
    """Picks of one station in order, divided into what can be of one source each."""
    taken: set[int] = set()
    for at, first in enumerate(picks):
        if at in taken:
            continue
        group = [first]
        for phase in (Phase.S, Phase.AIR):
            if (found := _next(picks, at, taken, group, phase)) is not None:
                taken.add(found)
                group.append(picks[found])
        yield group


def _next(
    picks: Sequence[_Pick],
    at: int,
    taken: set[int],
    group: Sequence[_Pick],
    phase: Phase,
) -> int | None:
    """The first free pick of a phase after ``at`` that can follow the group."""
    for later in range(at + 1, len(picks)):
        one = picks[later]
        if one.time_ns - picks[at].time_ns > LATEST_NS:
            return None
        if one.phase is phase and later not in taken and _follows(group, one):
            return later
    return None


def _follows(group: Sequence[_Pick], one: _Pick) -> bool:
    """Whether a pick can be a later phase of the same source, from within reach.

    With two phases already, the distance they tell must suit it within three sigmas.
    """
    if any(SPEED_MPS[one.phase] >= SPEED_MPS[other.phase] for other in group):
        return False
    first = group[0]
    away_m, sd_m = _distance_m((first, one))
    if len(group) == 1:
        return away_m <= REACH_M + 2 * sd_m
    near_m, near_sd_m = _distance_m(group)
    return abs(near_m - away_m) <= 3 * hypot(sd_m, near_sd_m)


def _distance_m(pair: Sequence[_Pick]) -> tuple[float, float]:
    """From two phases how far off their source is, with its standard deviation."""
    first, last = pair[0], pair[1]
    slow = 1 / SPEED_MPS[last.phase] - 1 / SPEED_MPS[first.phase]
    away_m = max((last.time_ns - first.time_ns) / 1e9 / slow, 0.0)
    read_m = hypot(first.sd_s, last.sd_s) / slow
    return away_m, hypot(read_m, PATH_RATIO[first.phase] * away_m)


def _detection(
    station: str, spot: Spot, group: Sequence[_Pick], rates: dict[Phase, float]
) -> Detection:
    reach_m, nearest_m = REACH_M, 0.0
    if len(group) > 1:
        away_m, sd_m = _distance_m(group)
        reach_m = min(away_m + 2 * sd_m, REACH_M)
        nearest_m = min(max(away_m - 2 * sd_m, 0.0), reach_m)
    place = Place.circle(*spot, max(reach_m, NEAREST_M))
    time = _origin(group[0], nearest_m, reach_m)
    area_km2 = pi * (place.semi_major_m / 1e3) ** 2
    ratio = 0.0
    for one in group:
        clutter = log10(rates[one.phase] / area_km2)
        volume = spread_km2(place) * days(time)
        ratio += log10_ratio(P_FELT[one.phase], clutter, volume)
    return Detection(
        detector="seismic",
        channel=Channel.INSTRUMENT,
        acts=shares([Act.EXPLOSION]),
        units=None,
        place=place,
        time=time,
        log10_likelihood_ratio=ratio,
        independence=f"seismic:{station}",
        place_prec=where_prec(place),
        measured=Shaking(
            lat_deg=spot[0],
            lon_deg=spot[1],
            onsets=tuple(_onset(one, rates) for one in group),
            reach_m=REACH_M,
        ),
    )


def _origin(first: _Pick, nearest_m: float, reach_m: float) -> Period:
    """When what was felt first happened, from between two distances."""
    speed_mps, at = SPEED_MPS[first.phase], _instant(first)
    slack_s = 2 * first.sd_s
    error_ratio = PATH_RATIO[first.phase]
    longest_s = reach_m / speed_mps / (1 - error_ratio) + slack_s
    shortest_s = nearest_m / speed_mps * (1 - error_ratio) - slack_s
    return Period(at - timedelta(seconds=longest_s), at - timedelta(seconds=shortest_s))


def _onset(one: _Pick, rates: dict[Phase, float]) -> Onset:
    return Onset(
        phase=one.phase.value,
        time=_instant(one),
        sd_s=one.sd_s,
        clutter_per_day=rates[one.phase],
    )


def _instant(one: _Pick) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
        microseconds=one.time_ns // 1000
    )
