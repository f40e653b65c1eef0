"""A day's map of the areas one side is said to hold, as GeoJSON polygons.

The day stands in the name of the file (``…20250420.geojson``) or in option ``date``.
A map of this kind lags what happens on the ground, often by days, and moves in jumps.
"""

from __future__ import annotations

import re

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.features import feature_rows
from trucewatch.collect.observation import HeldAreas, Observation, Rounding
from trucewatch.collect.rows import Account, Row
from trucewatch.collect.settings import REQUIRED, Options, known, options
from trucewatch.collect.shapes import polygons
from trucewatch.collect.source import Batch
from trucewatch.collect.times import moment
from trucewatch.errors import SourceError
from trucewatch.period import Period
from trucewatch.place import Unlocated

OPTIONS = known("C", "3", zone="Europe/Kyiv", party=REQUIRED, map="map", date="")
_DATE = re.compile(r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)(?!\d)")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per feature, its rings repaired.

    A polygon that encloses nothing is left out of its feature and counted as a row of
    its own, rejected with that reason.

    Raises:
        SourceError: if the delivery is not GeoJSON, an option is wrong, or nothing
            tells the day.
    """
    chosen = options(delivery, OPTIONS)
    day = _day(delivery, chosen)
    kept = Account(delivery)
    for row in feature_rows(raw, chosen):
        try:
            _add(kept, row, day, chosen)
        except ValueError as error:
            kept.reject(row.where, str(error))
    return kept.batch()


def _add(kept: Account, row: Row, day: Period, chosen: Options) -> None:
    if row.fault:
        raise ValueError(row.fault)
    areas, dropped = polygons(row.shape)
    if not areas:
        msg = "; ".join(dropped)
        raise ValueError(msg)
    for why in dropped:
        kept.reject(row.where, why)
    name = chosen.slug("map")
    observation = Observation(
        procedure=f"maps/{name}",
        result=HeldAreas(party=chosen.slug("party"), areas=areas),
        place=Unlocated(),
        phenomenon_time=day,
        result_time=day,
        independence=f"map:{name}",
        reliability=chosen.reliability,
        credibility=chosen.credibility,
        rounding=Rounding.DAY,
        row=row.where,
        derived_from=(kept.delivery.id,),
    )
    kept.made.append(observation)


def _day(delivery: Delivery, chosen: Options) -> Period:
    text = chosen.text("date")
    if not text and (found := _DATE.search(delivery.name)):
        text = "-".join(found.groups())
    if not text:
        msg = (
            f"nothing tells the day of {delivery.name!r}: put it into the file's name, "
            "such as 20250420, or into option date"
        )
        raise SourceError(msg)
    try:
        return moment(text, chosen.zone())[0]
    except (ValueError, OverflowError) as error:
        msg = f"the day of {delivery.name!r} is unusable: {error}"
        raise SourceError(msg) from error
