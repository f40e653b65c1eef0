"""Change between optical pictures as `trucewatch change` wrote it, GeoJSON."""

from __future__ import annotations

from trucewatch.collect.changes import changes
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.settings import known, options
from trucewatch.collect.source import Batch

# Sentinel-2 products lie within 8 m of where they should with 95 % (ESA, Level-2A data
# quality report), pixels are of 10 and 20 m.
OPTIONS = known("B", "2", zone="UTC", system="sentinel-2", geolocation_m="15")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One acquisition per look, one observation per change.

    Raises:
        SourceError: if the delivery is no such collection or an option is wrong.
    """
    return changes(raw, delivery, options(delivery, OPTIONS), "optical")
