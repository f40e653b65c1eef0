"""NASA FIRMS active-fire lists (VIIRS, MODIS): pixels that burned, as one table.

Full rows (``latitude,longitude,scan,track,acq_date,acq_time,satellite,frp`` and others,
times as ``23:45:00``, ``23:45``, ``2345`` or ``45``) or dates only
(``LATITUDE,LONGITUDE,ACQ_DATE``), gzip or plain.

The list names only pixels that burned. It cannot say where the satellite looked and saw
nothing, so this source claims no acquisition; ``satellite_passes`` does.
"""

from __future__ import annotations

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.firelist import fire_batch
from trucewatch.collect.pixels import SCHEMA
from trucewatch.collect.settings import options
from trucewatch.collect.source import Batch

OPTIONS = {
    "encoding": "utf-8",
    "reliability": "A",
    "credibility": "2",
    "family": "viirs",
    "pixel_m": "1000",
    "bounds": "",
}


def read(raw: bytes, delivery: Delivery) -> Batch:
    """All usable pixels as one table of fire pixels; every other line rejected.

    Raises:
        SourceError: if the delivery is not such a list or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    return fire_batch(raw, delivery, chosen, chosen.slug("family"), SCHEMA)
