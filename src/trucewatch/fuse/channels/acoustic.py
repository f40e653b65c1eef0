"""Picks of networks of acoustic nodes: the engine finds the incidents.

Channel A of MODEL 1.3. A pick is already a detection: the node made it. Arrival and
level laws, detection probability, clutter rates, misses and outages are those of
``fuse.acoustic``. The rounds it finds are joined into series; a series enters here as
one hypothesis with place and instant as one normal law, and with a ratio such that,
were nobody else to speak, its probability would be that any of its rounds was:

    p     = 1 - product of (1 - p of the engine) over the rounds
    ratio = log odds of p - log(births x volume of the normal law)

All picks of one network are one origin: its nodes share clocks, links and a maker.
Booms and thunder are told apart before (``fuse.sweep``, ``fuse.thunder``): a flash is
one hypothesis, whose place is the region it clapped from; so is a boom, with the ground
below its way.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from math import log, log10

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.source import Columns
from trucewatch.detect.detection import ActShare, Channel, Detection
from trucewatch.fuse.acoustic.network import Picks
from trucewatch.fuse.acoustic.solution import Solution
from trucewatch.fuse.cell import Cell
from trucewatch.fuse.law import Capacity, Heard
from trucewatch.fuse.moment import EPOCH, Moment, Six
from trucewatch.fuse.network_picks import NODE_TABLES, Listening, listening
from trucewatch.fuse.series import Round, Series, series_of
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.state import Row, State, misfit_of
from trucewatch.period import Period
from trucewatch.place import where_prec

# A sound alone does not say whether something was fired or hit. Judgement, not fitted;
# as long as firing is this likely, releases show such an incident in a coarse cell.
ACTS = (ActShare(Act.EXPLOSION, 0.6), ActShare(Act.FIRING, 0.4))

DAY_NS = 86_400_000_000_000
HALO_NS = 120_000_000_000  # sound crosses 40 km in it
DAYS_KEPT = 16  # solved days kept in memory, for pictures of the following days
LEAST_ODDS = 1e-6  # nothing is surer than this either way
STEP_M = 100.0
# Arrivals of bangs on the ground are worth 4 to 7 nats each to the engine in quiet
# hours, claps of thunder taken for bangs 3 at most; fewer arrivals always agree.
LOOSE_NATS, LOOSE_ARRIVALS = 3.0, 6


def capacity(cell: Cell) -> Capacity:
    """One: a pick is of one incident, and the engine has said of which."""
    return Capacity.ONE


def rows(cell: Cell, state: State) -> tuple[Row, ...]:
    """How far a state is from the engine's, in its own normal law."""
    return cell.moment.rows(state) if cell.moment else ()


def log10_ratio(cell: Cell, state: State) -> float:
    """The ratio at the engine's own solution less the misfit to it."""
    return cell.best.log10_likelihood_ratio - misfit_of(rows(cell, state)) / log(10)


def propose(heard: Heard, settings: FusionSettings) -> tuple[Cell, ...]:
    """Series of what the engine finds in the picks of each UTC day, in order of time.

    Days are solved apart, each with two minutes of its neighbours, so that a day comes
    out the same whichever days are watched beside it.
    """
    tables = tuple(one for one in heard.columns if one.table.schema in NODE_TABLES)
    if not tables:
        return ()
    begin_ns, end_ns, known_ns = (
        _ns(time) for time in (heard.watched.begin, heard.watched.end, heard.known)
    )
    found: list[Round] = []
    spread: list[Series] = []
    for day in range(begin_ns // DAY_NS, -(-end_ns // DAY_NS)):
        first, last = max(day * DAY_NS, begin_ns), min((day + 1) * DAY_NS, end_ns)
        until_ns = min((day + 1) * DAY_NS + HALO_NS, known_ns)
        rounds, regions = _solved(tables, (day * DAY_NS - HALO_NS, until_ns))
        found += [one for one in rounds if first <= one.time_s * 1e9 < last]
        spread += [one for one in regions if first <= one.time_s * 1e9 < last]
    every = sorted((*series_of(found, settings), *spread), key=lambda one: one.time_s)
    return tuple(_cell(one, settings) for one in every)


def _ns(time: datetime) -> int:
    return int((time - EPOCH) / timedelta(seconds=1)) * 1_000_000_000


@lru_cache(maxsize=DAYS_KEPT)
def _solved(
    tables: tuple[Columns, ...], stretch_ns: tuple[int, int]
) -> tuple[tuple[Round, ...], tuple[Series, ...]]:
    """Bangs on the ground, and what sounded from no single point, told apart."""
    heard = [told_apart(one) for one in listening(tables, *stretch_ns)]
    return (
        tuple(one for rounds, _ in heard for one in rounds),
        tuple(one for _, regions in heard for one in regions),
    )


def told_apart(heard: Listening) -> tuple[tuple[Round, ...], tuple[Series, ...]]:
    """Bangs of one network in the order of their times, and what swept or clapped."""
    from trucewatch.fuse.acoustic.engine import solve
    from trucewatch.fuse.acoustic.settings import EngineSettings, unforecast
    from trucewatch.fuse.scattered import boom, thunder
    from trucewatch.fuse.sweep import sweeps
    from trucewatch.fuse.thunder import parted

    weather, assumed = None, unforecast()
    if air := heard.air:
        told = {"air_speed_mps": air.air_speed_mps, "wind_mps": air.wind_mps}
        weather, assumed = air.weather, EngineSettings(**told)

    def ask(picks: Picks) -> Solution:
        return solve(heard.network, picks, weather, heard.outages, assumed)

    booms = sweeps(heard.network, heard.picks)
    swept = np.array([k for one in booms for k in one.picks], np.int64)
    rest = np.setdiff1d(np.arange(len(heard.rows)), swept)
    parts = parted(heard.network, heard.picks, rest, ask)
    rounds = zip(_rounds(heard, parts.found), parts.own.tolist(), strict=True)
    return (
        tuple(one for one, own in rounds if own and one.rows),
        (
            *(boom(one, heard) for one in booms),
            *(thunder(one, heard) for one in parts.flashes),
        ),
    )


def _rounds(heard: Listening, found: Solution) -> Iterator[Round]:
    """All that was found, in its order."""
    xy_m = np.column_stack((found.x_m, found.y_m))
    lonlat = heard.plane.unproject(xy_m)
    turned = _northed(heard, xy_m, lonlat, found.cov)
    bounds = np.searchsorted(found.incident, np.arange(len(found.time_s) + 1))
    many = found.n_arrivals >= LOOSE_ARRIVALS
    loose = many & (found.score < LOOSE_NATS * found.n_arrivals)
    for n in range(len(found.time_s)):
        picks = np.sort(found.pick[bounds[n] : bounds[n + 1]]).tolist()
        time_s = heard.origin_s + float(found.time_s[n])
        sd_s = float(np.sqrt(turned[n, 2, 2]))
        lon_deg, lat_deg = lonlat[n].tolist()
        state = State(lat_deg, (lon_deg + 180) % 360 - 180, time_s, sd_s)
        yield Round(
            Moment(state, _six(turned[n])),
            float(found.probability[n]),
            tuple(heard.rows[k] for k in picks),
            heard.key,
            heard.named(picks[0]) if picks else "",
            bool(loose[n]),
        )


def _ratio(p: float, moment: Moment, settings: FusionSettings) -> float:
    p = min(max(p, LEAST_ODDS), 1 - LEAST_ODDS)
    births = settings.log10_births(Act.ATTACK)
    return log10(p / (1 - p)) - min(0.0, births + moment.log10_km2_days)


def _cell(series: Series, settings: FusionSettings) -> Cell:
    first = series.rounds[0]
    place = series.moment.place
    best = Detection(
        detector="acoustic",
        channel=Channel.INSTRUMENT,
        acts=ACTS,
        units=series.count.best,
        place=place,
        time=_time(series),
        log10_likelihood_ratio=_ratio(series.p, series.moment, settings),
        independence=first.network,
        place_prec=where_prec(place),
    )
    rows = sorted({row for one in series.rounds for row in one.rows})
    content = "|".join(("acoustic", first.network, first.name))
    return Cell(
        best,
        Act.ATTACK,
        tuple(rows),
        content,
        series.moment,
        series.count,
        series.signs,
    )


def _time(series: Series) -> Period:
    """From the first round to the last, each with its error."""
    first, last = series.rounds[0].moment.time, series.rounds[-1].moment.time
    return Period(min(first.begin, last.begin), max(first.end, last.end))


def _six(cov: np.ndarray) -> Six:
    return (
        float(cov[0, 0]),
        float(cov[0, 1]),
        float(cov[1, 1]),
        float(cov[0, 2]),
        float(cov[1, 2]),
        float(cov[2, 2]),
    )


def _northed(
    heard: Listening, xy_m: np.ndarray, lonlat: np.ndarray, cov: np.ndarray
) -> np.ndarray:
    """Covariances turned from the axes of the plane to east and north, (n, 3, 3)."""
    ahead = heard.plane.unproject(xy_m + np.array([0.0, STEP_M]))
    flat = np.cos(np.radians(lonlat[:, 1]))
    east = ((ahead[:, 0] - lonlat[:, 0] + 180) % 360 - 180) * flat
    turn = np.arctan2(east, ahead[:, 1] - lonlat[:, 1])  # of the plane's y from north
    rotation = np.zeros((len(turn), 3, 3))
    rotation[:, 0, 0] = rotation[:, 1, 1] = np.cos(turn)
    rotation[:, 0, 1], rotation[:, 1, 0] = np.sin(turn), -np.sin(turn)
    rotation[:, 2, 2] = 1.0
    return np.asarray(rotation @ cov @ np.transpose(rotation, (0, 2, 1)))
