"""Change between radar pictures as `trucewatch change` wrote it, GeoJSON.

Each feature says in ``record`` what it is. ``look``: the ground all pictures show, from
the last picture before to the first since; it proves that somebody looked. ``change``:
a place with a likelihood ratio of having changed between two pictures.
"""

from __future__ import annotations

from functools import partial
from math import sqrt

from trucewatch.collect.cells import number, share, shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.features import feature_rows
from trucewatch.collect.observation import (
    Acquisition,
    Damage,
    DamageGrade,
    Observation,
    Outcome,
    Rounding,
)
from trucewatch.collect.outlines import extent_of
from trucewatch.collect.rows import Made, Row, account
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.shapes import one_polygon
from trucewatch.collect.source import Batch
from trucewatch.collect.times import span

# Pixels of radar pictures lie within 10 m of where they should (Sentinel-1 products,
# terrain corrected), and roofs lean towards the satellite.
OPTIONS = known("B", "2", zone="UTC", system="sentinel-1", geolocation_m="15")
_MOST_LOG10 = 12.0  # beyond it no background of this world could tell


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One acquisition per look, one observation per change.

    Raises:
        SourceError: if the delivery is no such collection or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    make = partial(_record, delivery=delivery, chosen=chosen)
    return account(delivery, feature_rows(raw, chosen), make)


def _record(row: Row, delivery: Delivery, chosen: Options) -> Made:
    match row.need("record").lower():
        case "look":
            return _look(row, delivery, chosen)
        case "change":
            return _change(row, delivery, chosen)
        case other:
            msg = f"record must be look or change, not {shown(other)}"
            raise ValueError(msg)


def _look(row: Row, delivery: Delivery, chosen: Options) -> Acquisition:
    time, _ = span(row.need("begin"), row.need("end"), chosen.zone())
    system = chosen.slug("system")
    return Acquisition(
        procedure=f"sar/{system}",
        footprint=one_polygon(row.shape),
        time=time,
        outcome=Outcome.MISS,
        p_clear=share(row.need("clear_ratio")),
        independence=f"sar:{system}",
        row=row.where,
        derived_from=(delivery.id,),
    )


def _change(row: Row, delivery: Delivery, chosen: Options) -> Observation:
    time, _ = span(row.need("begin"), row.need("end"), chosen.zone())
    place, area_m2 = extent_of(row.shape, chosen.number("geolocation_m"))
    log10 = number(row.need("log10_likelihood_ratio"))
    if not abs(log10) <= _MOST_LOG10:
        msg = f"a log10 likelihood ratio of {log10} is beyond {_MOST_LOG10:g}"
        raise ValueError(msg)
    system = chosen.slug("system")
    return Observation(
        procedure=f"sar/{system}",
        result=Damage(
            grade=DamageGrade.UNGRADED,
            extent_m=sqrt(area_m2),
            log10_likelihood_ratio=log10,
        ),
        place=place,
        phenomenon_time=time,
        result_time=time,
        independence=f"sar:{system}",
        reliability=chosen.reliability,
        credibility=chosen.credibility,
        rounding=Rounding.SECOND,
        row=row.where,
        derived_from=(delivery.id,),
    )
