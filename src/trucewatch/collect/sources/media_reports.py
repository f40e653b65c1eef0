"""Media reports with a place, in the form of VIINA: one row, one report, one place.

``datetime,lon,lat,place_name,event_type,headline``; ``url`` and ``radius_m`` where
known. The headline never leaves the delivery; only its hash does. Without ``url`` the
outlet is unknown, so all rows of a feed may quote one agency: they share one key.
"""

from __future__ import annotations

from functools import partial

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.reports import report
from trucewatch.collect.rows import account, csv_rows
from trucewatch.collect.settings import known, options
from trucewatch.collect.source import Batch

# A settlement's name places a report to its size; a big city's to more, and the file
# does not say which is big: option wide_names does.
OPTIONS = known(
    "F",
    "6",
    zone="Europe/Kyiv",
    feed="viina",
    radius_m="3000",
    wide_names="",
    wide_m="12000",
    lag_h="12",
    bounds="",
)
NEEDED = ("datetime", "lon", "lat", "event_type", "headline")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per row, repeated rows included; gzip or plain.

    Raises:
        SourceError: if the delivery is not such a table or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    make = partial(report, delivery=delivery, options=chosen)
    return account(delivery, csv_rows(raw, chosen, NEEDED), make)
