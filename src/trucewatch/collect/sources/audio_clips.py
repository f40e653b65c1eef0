"""Audio of one microphone, WAV or FLAC: its sudden onsets as picks.

The sensor and the beginning stand in the name, ``n17_20310501T100000.250Z.wav``, or in
options. Words that may be spoken in a clip are never recognised or kept.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import numpy as np
from shapely import Point

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.looks import hearing_m
from trucewatch.collect.node_picks import Heard, picks_of
from trucewatch.collect.nodes import Clock
from trucewatch.collect.observation import Acquisition, Outcome
from trucewatch.collect.onsets import SOUND, Samples, onsets
from trucewatch.collect.places import point
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.shapes import around
from trucewatch.collect.source import Batch
from trucewatch.collect.times import instant
from trucewatch.collect.tracking import library
from trucewatch.collect.unpack import plain
from trucewatch.errors import SourceError
from trucewatch.period import Period

OPTIONS = known(
    "A",
    "2",
    family="acoustic",
    network="nodes",
    sensor_id="",
    begin="",
    clock="unknown",
    clock_sigma_s="",
    full_scale_pa="",
    lat="",
    lon="",
    range_m="5000",
)
MAX_SAMPLES = 200_000_000
_NAME = re.compile(r"([\w.:-]+?)_(\d{8}T\d{6})(\.\d{1,9})?Z\.(?:wav|flac)", re.I)


def read(raw: bytes, delivery: Delivery) -> Batch:
    """Picks of one clip, and the look it proves where its place is told.

    Raises:
        SourceError: if the delivery is no such audio, an option is wrong, or neither
            the name nor the options tell the sensor and the time.
    """
    chosen = options(delivery, OPTIONS)
    sensor, begin = _which(delivery, chosen)
    samples, rate_hz, channels = _samples(plain(raw))
    key = f"{chosen.slug('family')}:{chosen.slug('network')}"
    heard = Heard(
        sensor_id=sensor,
        begin_ns=round(begin.timestamp() * 1e6) * 1000,
        found=onsets(samples, rate_hz, SOUND),
        unit_pa=_optional(chosen, "full_scale_pa"),
        clock=chosen.choice("clock", Clock),
        clock_sigma_s=_optional(chosen, "clock_sigma_s"),
        where="clip",
    )
    kept = Account(delivery)
    for number in range(2, channels + 1):
        kept.reject(f"channel {number}", "only the first channel of a clip is read")
    picks = picks_of([heard], key)
    long_s = len(samples) / rate_hz
    looks = _looks(chosen, sensor, begin, long_s, delivery)
    return Batch(
        rows_read=len(picks) + len(kept.rejections),
        acquisitions=looks,
        tables=(picks.to_columns(delivery, chosen.slug("family")),)
        if len(picks)
        else (),
        rejections=tuple(kept.rejections),
        drawn=len(looks),
    )


def _which(delivery: Delivery, chosen: Options) -> tuple[str, datetime]:
    """The sensor, and when the first sample was.

    Raises:
        SourceError: if one of them is told nowhere.
    """
    named = _NAME.fullmatch(delivery.name)
    sensor = chosen.text("sensor_id") or (named[1] if named else "")
    if not re.fullmatch(r"[\w.:-]+", sensor):
        msg = (
            f"the name {delivery.name!r} tells no sensor and time, such as "
            "n17_20310501T100000.250Z.wav; set options sensor_id and begin"
        )
        raise SourceError(msg)
    try:
        if chosen.text("begin"):
            return sensor, _precise(chosen.text("begin"))
        written = f"{named[2]}Z" if named else ""
        part_s = float(named[3] or 0) if named else 0.0
        stamp = datetime.strptime(written, "%Y%m%dT%H%M%S%z")
        return sensor, stamp + timedelta(seconds=part_s)
    except ValueError as error:
        msg = f"when {delivery.name!r} begins is not told: {error}; set option begin"
        raise SourceError(msg) from error


def _precise(text: str) -> datetime:
    """An instant with its fraction of a second.

    Raises:
        ValueError: if it is none, or has no zone.
    """
    instant(text, None)
    return datetime.fromisoformat(text).astimezone(UTC)


def _samples(data: bytes) -> tuple[Samples, float, int]:
    """The first channel in units of full scale, samples per second, and channels.

    Raises:
        SourceError: if the bytes are no WAV or FLAC, too many, or damaged.
    """
    if not (data[:4] == b"fLaC" or (data[:4] == b"RIFF" and data[8:12] == b"WAVE")):
        msg = "this is neither WAV nor FLAC; deliver one of them"
        raise SourceError(msg)
    sound = library("soundfile", "audio")
    try:
        with sound.SoundFile(io.BytesIO(data)) as file:
            if file.frames * file.channels > MAX_SAMPLES or file.samplerate <= 0:
                msg = f"the clip claims {file.frames} samples; at most {MAX_SAMPLES}"
                raise SourceError(msg)
            found = file.read(dtype="float64", always_2d=True)
            rate_hz, channels = float(file.samplerate), int(file.channels)
    except (RuntimeError, ValueError, TypeError, OSError, MemoryError) as error:
        msg = f"this clip cannot be read: {str(error)[:200]}"
        raise SourceError(msg) from error
    if not len(found):
        msg = "the clip holds no samples"
        raise SourceError(msg)
    return np.ascontiguousarray(found[:, 0]), rate_hz, channels


def _optional(chosen: Options, name: str) -> float:
    return chosen.number(name) if chosen.text(name) else float("nan")


def _looks(
    chosen: Options, sensor: str, begin: datetime, long_s: float, delivery: Delivery
) -> tuple[Acquisition, ...]:
    """What the clip listened to, where the place of its microphone is told.

    Raises:
        SourceError: if the place is none.
    """
    if not chosen.text("lat"):
        return ()
    try:
        lat, lon = point(chosen.text("lat"), chosen.text("lon"), chosen.bounds())
        disc = around(Point(lon, lat), hearing_m(chosen))
    except ValueError as error:
        raise chosen.refused(name="lat", instead=f"a latitude ({error})") from error
    family, network = chosen.slug("family"), chosen.slug("network")
    look = Acquisition(
        procedure=f"{family}/{sensor}",
        footprint=disc,
        time=Period(begin, begin + timedelta(seconds=long_s)),
        outcome=Outcome.MISS,
        p_clear=1.0,
        independence=f"{family}:{network}",
        row="clip",
        derived_from=(delivery.id,),
    )
    return (look,)
