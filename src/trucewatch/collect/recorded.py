"""What arrays listened to, drawn from stretches they recorded where places are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
from shapely import Point

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.looks import hearing_m
from trucewatch.collect.nodes import Clock
from trucewatch.collect.observation import Acquisition, Cause, Outcome
from trucewatch.collect.places import point
from trucewatch.collect.settings import Options
from trucewatch.collect.shapes import MAX_LAT_DEG, around
from trucewatch.collect.waveforms import Segments, array_of
from trucewatch.period import Period

PLACES = "place."

Spot = tuple[float, float]  # latitude and longitude in degrees


def places_of(chosen: Options) -> Mapping[str, Spot]:
    """Where arrays stand, from options ``place.<array>`` of the form ``lat,lon``.

    Raises:
        SourceError: if one is no such place.
    """
    found: dict[str, Spot] = {}
    for array, text in sorted(chosen.starting(PLACES).items()):
        lat, _, lon = text.partition(",")
        try:
            found[array] = point(lat, lon, None)
        except ValueError as error:
            instead = f"latitude,longitude in degrees ({error})"
            raise chosen.refused(name=PLACES + array, instead=instead) from error
    return found


def listened(
    recorded: Segments, chosen: Options, delivery: Delivery
) -> tuple[Acquisition, ...]:
    """One look per stretch whose place is told; a dead channel's look failed.

    So did that of a stretch whose clock ran free. Channels of a station's state of
    health (temperature, voltage, clock) look at nothing.

    Args:
        recorded: the stretches.
        chosen: ``family``, ``range_m`` and places of arrays.
        delivery: it all came in.

    Raises:
        SourceError: if a place or the range given as an option is none.
    """
    places, family = places_of(chosen), chosen.slug("family")
    range_m = hearing_m(chosen)
    made: list[Acquisition] = []
    for at, channel in enumerate(recorded.channel_id):
        array, samples = array_of(channel), recorded.samples[at]
        spot = places.get(array) or _told(recorded, at)
        known = np.isfinite(samples)
        begin_s = recorded.begin_ns[at] // 1000 / 1e6
        long_s = len(samples) / recorded.rate_hz[at]
        if spot is None or abs(spot[0]) > MAX_LAT_DEG or long_s < 1e-3:
            continue
        if not _is_sensor(channel):
            continue
        free = recorded.clock[at] == Clock.FREE.value
        dead = free or not known.any() or _flat(samples[known])
        begin = datetime.fromtimestamp(begin_s, UTC)
        made.append(
            Acquisition(
                procedure=f"{family}/{array}",
                footprint=around(Point(spot[1], spot[0]), range_m),
                time=Period(begin, begin + timedelta(seconds=float(long_s))),
                outcome=Outcome.FAILURE if dead else Outcome.MISS,
                p_clear=0.0 if dead else float(known.mean()),
                independence=f"array:{array}",
                row=recorded.row[at],
                cause=Cause.OUTAGE if dead else Cause.UNKNOWN,
                derived_from=(delivery.id,),
            )
        )
    return tuple(made)


def _is_sensor(channel_id: str) -> bool:
    """Whether a channel records ground or air, by the middle letter of its code.

    Source: SEED 2.4, appendix A: seismometers, accelerometers, geophones, pressure.
    """
    code = channel_id.rpartition(".")[2]
    return len(code) != 3 or code[1] in "HLGNPD"


def _flat(samples: np.typing.NDArray[np.float32]) -> bool:
    """Whether a channel says the same all along: it was not connected."""
    return bool(samples.min() == samples.max())


def _told(recorded: Segments, at: int) -> Spot | None:
    lat, lon = float(recorded.lat_deg[at]), float(recorded.lon_deg[at])
    return (lat, lon) if np.isfinite(lat) else None
