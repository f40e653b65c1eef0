"""Change between radar pictures as `trucewatch change` wrote it, GeoJSON."""

from __future__ import annotations

from trucewatch.collect.changes import changes
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.settings import known, options
from trucewatch.collect.source import Batch

# Pixels of radar pictures lie within 10 m of where they should (Sentinel-1 products,
# terrain corrected), and roofs lean towards the satellite.
OPTIONS = known("B", "2", zone="UTC", system="sentinel-1", geolocation_m="15")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One acquisition per look, one observation per change.

    Raises:
        SourceError: if the delivery is no such collection or an option is wrong.
    """
    return changes(raw, delivery, options(delivery, OPTIONS), "sar")
