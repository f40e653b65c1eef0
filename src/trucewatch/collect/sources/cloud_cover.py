"""Share of the sky under cloud per day, of a country or of its provinces.

Two forms: ``date`` with one or more columns of shares, of which option ``column`` names
one; or ``oblast_id,acq_date,cloud_cover (%)``. Cloud explains why a satellite saw
nothing; by itself it proves no look.
"""

from __future__ import annotations

from functools import partial

from trucewatch.collect.cells import share
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import CloudCover, Observation
from trucewatch.collect.rows import Row, account, csv_rows
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.times import moment
from trucewatch.collect.unpack import plain
from trucewatch.place import Area

# What distinguishes the two country columns is not known; the first is the default.
OPTIONS = known(
    "B", "2", zone="UTC", feed="weather", area="Ukraine", column="cloud_frac_a"
)
_PERCENT = "cloud_cover (%)"
_BY_PROVINCE = ("oblast_id", "acq_date", _PERCENT)


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per row.

    Raises:
        SourceError: if the delivery is neither form or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    head = plain(raw)[:4096].decode(chosen.encoding(), "ignore").lower()
    by_country = ("date", chosen.text("column").lower())
    needed = _BY_PROVINCE if "oblast_id" in head else by_country
    make = partial(_cloud, delivery=delivery, chosen=chosen)
    return account(delivery, csv_rows(raw, chosen, needed), make)


def _cloud(row: Row, delivery: Delivery, chosen: Options) -> Observation:
    if _PERCENT in row.cells:
        place = Area(name=row.need("oblast_id"), level="province")
        date, ratio = row.need("acq_date"), share(row.need(_PERCENT), whole=100)
    else:
        place = Area(name=chosen.text("area"), level="country")
        date = row.need("date")
        ratio = share(row.need(chosen.text("column").lower()))
    day, rounding = moment(date, chosen.zone())
    feed = chosen.slug("feed")
    return Observation(
        procedure=f"cloud/{feed}",
        result=CloudCover(cloud_ratio=ratio),
        place=place,
        phenomenon_time=day,
        result_time=day,
        independence=f"cloud:{feed}",
        reliability=chosen.reliability,
        credibility=chosen.credibility,
        rounding=rounding,
        row=row.where,
        derived_from=(delivery.id,),
    )
