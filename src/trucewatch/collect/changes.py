"""Change between satellite pictures as `trucewatch change` writes it, GeoJSON.

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
from trucewatch.collect.settings import Options
from trucewatch.collect.shapes import one_polygon
from trucewatch.collect.source import Batch
from trucewatch.collect.times import span

_MOST_LOG10 = 12.0  # beyond it no background of this world could tell


def changes(raw: bytes, delivery: Delivery, chosen: Options, family: str) -> Batch:
    """One acquisition per look, one observation per change.

    Args:
        raw: the collection.
        delivery: what it came as.
        chosen: ``system``, ``geolocation_m``, ``zone``.
        family: of the procedure, before the slash.

    Raises:
        SourceError: if the delivery is no such collection or an option is wrong.
    """
    make = partial(_record, delivery=delivery, chosen=chosen, family=family)
    return account(delivery, feature_rows(raw, chosen), make)


def _record(row: Row, delivery: Delivery, chosen: Options, family: str) -> Made:
    match row.need("record").lower():
        case "look":
            return _look(row, delivery, chosen, family)
        case "change":
            return _change(row, delivery, chosen, family)
        case other:
            msg = f"record must be look or change, not {shown(other)}"
            raise ValueError(msg)


def _look(row: Row, delivery: Delivery, chosen: Options, family: str) -> Acquisition:
    time, _ = span(row.need("begin"), row.need("end"), chosen.zone())
    system = chosen.slug("system")
    return Acquisition(
        procedure=f"{family}/{system}",
        footprint=one_polygon(row.shape),
        time=time,
        outcome=Outcome.MISS,
        p_clear=share(row.need("clear_ratio")),
        independence=f"{family}:{system}",
        row=row.where,
        derived_from=(delivery.id,),
    )


def _change(row: Row, delivery: Delivery, chosen: Options, family: str) -> Observation:
    time, _ = span(row.need("begin"), row.need("end"), chosen.zone())
    place, area_m2 = extent_of(row.shape, chosen.number("geolocation_m"))
    log10 = number(row.need("log10_likelihood_ratio"))
    if not abs(log10) <= _MOST_LOG10:
        msg = f"a log10 likelihood ratio of {log10} is beyond {_MOST_LOG10:g}"
        raise ValueError(msg)
    system = chosen.slug("system")
    return Observation(
        procedure=f"{family}/{system}",
        result=Damage(
            grade=DamageGrade.UNGRADED,
            extent_m=sqrt(area_m2),
            log10_likelihood_ratio=log10,
        ),
        place=place,
        phenomenon_time=time,
        result_time=time,
        independence=f"{family}:{system}",
        reliability=chosen.reliability,
        credibility=chosen.credibility,
        rounding=Rounding.SECOND,
        row=row.where,
        derived_from=(delivery.id,),
    )
