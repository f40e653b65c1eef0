"""Fire lists of years that teach what burns without war (NASA FIRMS, VIIRS, MODIS).

The same forms as ``firms`` reads. The pixels are never judged and count as nothing
observed: they are the background the detector of fires learns. Whoever delivers years
of war here teaches that war is usual.
"""

from __future__ import annotations

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.firelist import fire_batch
from trucewatch.collect.pixels import HISTORY
from trucewatch.collect.settings import options
from trucewatch.collect.source import Batch

OPTIONS = {
    "encoding": "utf-8",
    "reliability": "A",
    "credibility": "2",
    "pixel_m": "1000",
    "bounds": "",
}


def read(raw: bytes, delivery: Delivery) -> Batch:
    """All usable pixels as one table of history; every other line rejected.

    Raises:
        SourceError: if the delivery is not such a list or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    return fire_batch(raw, delivery, chosen, HISTORY, HISTORY)
