"""Small records for the tests of detection, fusion and grading; all invented."""

from datetime import UTC, datetime, timedelta

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import (
    Credibility,
    Observation,
    Reliability,
    Rounding,
)
from trucewatch.collect.pixels import FirePixels
from trucewatch.detect.detection import ActShare, Channel, Detection, Evidence
from trucewatch.period import Period
from trucewatch.place import Place, Unlocated, where_prec

DAY0 = datetime(2026, 2, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SPOT = Place.circle(48.5, 37.5, 1_000.0)
DELIVERY = Delivery(source="test", name="invented", sha256="0" * 64, size_bytes=0)


def day(number=0, length=DAY):
    return Period(DAY0 + number * DAY, DAY0 + number * DAY + length)


def hours(begin, end):
    return Period(DAY0 + begin * HOUR, DAY0 + end * HOUR)


def observation(result, place=SPOT, time=None, row="line 2", **fields):
    time = time or day()
    standard = {
        "procedure": "test",
        "result_time": time,
        "independence": "test",
        "reliability": Reliability.C,
        "credibility": Credibility.POSSIBLE,
        "rounding": Rounding.MINUTE,
        "derived_from": (DELIVERY.id,),
    }
    return Observation(
        result=result,
        place=place,
        phenomenon_time=time,
        row=row,
        **{**standard, **fields},
    )


def evidence(*observations, columns=(), watched=None):
    return Evidence(
        tuple(observations), tuple(columns), watched or day(-10, 20 * DAY), "settings:1"
    )


def detection(place=SPOT, time=None, key="a", ratio=3.0, **fields):
    act = fields.pop("act", Act.SHELLING)
    standard = {
        "detector": "test",
        "channel": Channel.MEDIA,
        "acts": (ActShare(act, 1.0),),
        "units": None,
    }
    return Detection(
        place=place,
        time=time or day(),
        independence=key,
        log10_likelihood_ratio=ratio,
        place_prec=where_prec(place),
        **{**standard, **fields},
    )


def claim(speaker="UA", against="RU", place=SPOT, ratio=0.477121, **fields):
    return detection(
        place=place,
        ratio=ratio,
        key=fields.pop("key", f"party:{speaker}"),
        channel=Channel.PARTY,
        claimed_by=speaker,
        against=against,
        **fields,
    )


def siren(time=None, place=None, key="sirens"):
    return detection(
        place=place or Unlocated(),
        time=time,
        key=key,
        ratio=0.0,
        channel=Channel.CONTEXT,
        act=Act.UNDETERMINED,
    )


def fires(rows, family="viirs", lasting=60, name="fires"):
    """A table of fire pixels from rows ``(lat_deg, lon_deg, datetime)``."""
    begin = np.array([int(t.timestamp()) * 10**9 for _, _, t in rows], dtype=np.int64)
    count = len(rows)
    pixels = FirePixels(
        lat_deg=np.array([lat for lat, _, _ in rows], dtype=np.float64),
        lon_deg=np.array([lon for _, lon, _ in rows], dtype=np.float64),
        radius90_m=np.full(count, 400.0),
        begin_ns=begin,
        end_ns=begin + lasting * 10**9,
        frp_mw=np.full(count, np.nan),
        satellite=np.array(["N20"] * count),
        row=np.arange(2, count + 2),
    )
    delivery = Delivery(source="firms", name=name, sha256="1" * 64, size_bytes=1)
    return pixels.to_columns(delivery, family)
