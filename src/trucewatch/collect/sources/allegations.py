"""Alleged incidents by form: who says what of whom, where and when it is said to be.

``speaker,act,time`` and, where known, ``against,count,end,lat,lon,radius_m,place,level,
made,words,url,kind``, as CSV, a JSON list of such objects, or GeoJSON points.
"""

from __future__ import annotations

from functools import partial

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.features import rows
from trucewatch.collect.rows import account
from trucewatch.collect.settings import known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.statements import allegation

OPTIONS = known("F", "6", zone="", radius_m="3000", bounds="")
NEEDED = ("speaker", "act")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One statement per row, at the place and time of what is alleged.

    Raises:
        SourceError: if the delivery is not such a form or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    make = partial(allegation, delivery=delivery, options=chosen)
    return account(delivery, rows(raw, chosen, NEEDED), make)
