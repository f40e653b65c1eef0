"""What sounded from no single point, told as one incident with the region it fills."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np

from trucewatch.fuse.cell import Rounds
from trucewatch.fuse.incident import Sign
from trucewatch.fuse.moment import Moment, Six
from trucewatch.fuse.network_picks import Listening
from trucewatch.fuse.series import Round, Series
from trucewatch.fuse.state import State, offset
from trucewatch.fuse.thunder import TIME, Flash

# A lone sound from above may be a shell or a drone that bursts in the air, so it says
# less than sounds kilometres apart at one instant. Judgement, in decades.
ONE_CLAP_LOG10, CLAPS_LOG10 = 1.0, 2.0
# How far a clap found lies from the nearest that was, one standard deviation along each
# axis; and its time. Learnt on drawn exercises (benchmarks/ellipses.py).
CLAP_M, CLAP_S = 400.0, 3.0


def thunder(flash: Flash, heard: Listening) -> Series:
    """A flash of lightning: where it clapped, as far as that was found."""
    xy_m = np.array([one.state[:2] for one in flash.claps])
    times = [heard.origin_s + float(one.state[TIME]) for one in flash.claps]
    rounds = _rounds(heard, (xy_m, times), flash.p, flash.picks)
    most = CLAPS_LOG10 if len(rounds) > 1 else ONE_CLAP_LOG10
    gain = sum(one.gain_nats for one in flash.claps) / log(10)
    count = Rounds(len(rounds), len(rounds), max(len(rounds), flash.bangs))
    sign = Sign("aloft", min(most, gain))
    return Series(rounds, region(rounds), flash.p, count, (sign,))


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
        name = f"{heard.named(picks[0])}|{n}" if picks else f"{time_s:.3f}|{n}"
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
