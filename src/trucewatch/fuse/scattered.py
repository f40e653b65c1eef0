"""What sounded from no single point, told as one incident with the region it fills."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from trucewatch.fuse.acoustic.aloft import TIME
from trucewatch.fuse.cell import Rounds
from trucewatch.fuse.incident import Sign
from trucewatch.fuse.moment import Moment, Six
from trucewatch.fuse.network_picks import Listening
from trucewatch.fuse.series import Round, Series
from trucewatch.fuse.state import State, offset
from trucewatch.fuse.sweep import Sweep
from trucewatch.fuse.thunder import Flash
from trucewatch.place import SIGMAS_90

# A lone sound from above may be a shell or a drone that bursts in the air, so it says
# less than sounds kilometres apart at one instant. Judgement, in decades.
ONE_CLAP_LOG10, CLAPS_LOG10 = 1.0, 2.0
# How far a clap found lies from the nearest that was, one standard deviation along each
# axis; and its time. Learnt on drawn exercises (benchmarks/ellipses.py).
CLAP_M, CLAP_S = 400.0, 3.0

# A front most of a network agrees on is nothing else. Judgement.
SWEEP_LOG10, P_BOOM = 3.0, 0.99
LONGER_RATIO = 1.3  # of the region over what was heard: it ends between nodes
BESIDE_M = 1_500.0  # to either side of the way, one standard deviation
STEP_M = 1_000.0


def thunder(flash: Flash, heard: Listening) -> Series:
    """A flash of lightning: where it clapped, as far as that was found."""
    xy_m = np.array([one.state[:2] for one in flash.claps])
    times = [heard.origin_s + float(one.state[TIME]) for one in flash.claps]
    rounds = _rounds(heard, (xy_m, times), flash.p, flash.picks)
    most = CLAPS_LOG10 if len(rounds) > 1 else ONE_CLAP_LOG10
    gain = sum(one.log10_ratio for one in flash.claps)
    count = Rounds(len(rounds), len(rounds), max(len(rounds), flash.bangs))
    sign = Sign("aloft", min(most, gain))
    return Series(rounds, region(rounds), flash.p, count, (sign,))


def boom(one: Sweep, heard: Listening) -> Series:
    """A boom: the ground its way was heard over."""
    lonlat = heard.plane.unproject(np.array([one.middle_m]))
    ahead = heard.plane.unproject(
        np.array([one.middle_m]) + STEP_M * np.array([one.toward])
    )
    (lon_deg, lat_deg), (lon2_deg, lat2_deg) = lonlat[0].tolist(), ahead[0].tolist()
    there = State(lat2_deg, lon2_deg, 0.0)
    east, north = (part / STEP_M for part in offset(lat_deg, lon_deg, there))
    long2 = (LONGER_RATIO * one.half_m / SIGMAS_90) ** 2
    wide2 = BESIDE_M**2
    tt = one.lasts_s**2 / 12 + CLAP_S**2
    six: Six = (
        long2 * east * east + wide2 * north * north,
        (long2 - wide2) * east * north,
        long2 * north * north + wide2 * east * east,
        0.0,
        0.0,
        tt,
    )
    time_s = heard.origin_s + one.time_s + one.lasts_s / 2
    state = State(lat_deg, (lon_deg + 180) % 360 - 180, time_s, tt**0.5)
    moment = Moment(state, six)
    rows = tuple(heard.rows[k] for k in one.picks)
    whole = Round(moment, P_BOOM, rows, heard.key, heard.named(one.picks[0]))
    sign = Sign("sweep", SWEEP_LOG10)
    return Series((whole,), moment, P_BOOM, Rounds(1, 1, 1), (sign,))


def _rounds(
    heard: Listening,
    where: tuple[np.ndarray, Sequence[float]],
    p: float,
    picks: Sequence[int],
) -> tuple[Round, ...]:
    """One round a place, by time; the first holds all the picks."""
    lonlat = heard.plane.unproject(where[0]).tolist()
    rows = tuple(heard.rows[k] for k in picks)
    spread: Six = (CLAP_M**2, 0.0, CLAP_M**2, 0.0, 0.0, CLAP_S**2)
    made = []
    spots = sorted(zip(where[1], lonlat, strict=True))
    for n, (time_s, (lon_deg, lat_deg)) in enumerate(spots):
        state = State(lat_deg, (lon_deg + 180) % 360 - 180, time_s, CLAP_S)
        own = rows if n == 0 else ()
        name = f"{heard.named(picks[0])}|{n}"
        made.append(Round(Moment(state, spread), p, own, heard.key, name))
    return tuple(made)


def region(rounds: Sequence[Round]) -> Moment:
    """The region some rounds fill, each known to ``CLAP_M``, and when they were."""
    first = rounds[0].moment.state
    away = np.array([
        (*offset(first.lat_deg, first.lon_deg, one.moment.state), one.time_s)
        for one in rounds
    ])
    east, north, time_s = (away.sum(axis=0) / len(rounds)).tolist()
    x, y, t = (away - np.array([east, north, time_s])).T
    n = len(rounds)
    xx, xy, yy = (float((a * b).sum()) / n for a, b in ((x, x), (x, y), (y, y)))
    tt = float((t * t).sum()) / n + CLAP_S**2
    at = first.moved(east, north, 0.0)
    middle = State(at.lat_deg, at.lon_deg, time_s, tt**0.5)
    return Moment(middle, (xx + CLAP_M**2, xy, yy + CLAP_M**2, 0.0, 0.0, tt))
