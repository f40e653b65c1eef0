"""Sudden onsets in single channels, miniSEED or SAC, as picks like those of nodes."""

from __future__ import annotations

import numpy as np

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.node_picks import Heard, picks_of
from trucewatch.collect.onsets import PRESSURE, SOUND, onsets
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.stretches import stretches
from trucewatch.collect.unpack import plain

OPTIONS = known("A", "2", family="acoustic", network="channels", **{"as": "pressure"})
_BANDS = {"pressure": PRESSURE, "sound": SOUND}


def read(raw: bytes, delivery: Delivery) -> Batch:
    """Every onset of every usable stretch; every other stretch rejected.

    Raises:
        SourceError: if the delivery is neither form, a library is absent, or an option
            is wrong.
    """
    chosen = options(delivery, OPTIONS)
    if chosen.text("as") not in _BANDS:
        raise chosen.refused(name="as", instead=f"one of {', '.join(_BANDS)}")
    band, family = _BANDS[chosen.text("as")], chosen.slug("family")
    kept = Account(delivery)
    heard = [
        Heard(
            sensor_id=one.channel_id,
            begin_ns=one.begin_ns,
            found=onsets(one.samples.astype(np.float64), one.rate_hz, band),
            unit_pa=float("nan"),
            clock=one.clock,
            clock_sigma_s=one.clock_sigma_s,
            where=one.where,
        )
        for one in stretches(plain(raw), kept)
    ]
    picks = picks_of(heard, f"{family}:{chosen.slug('network')}")
    return Batch(
        rows_read=len(picks) + len(kept.rejections),
        tables=(picks.to_columns(delivery, family),) if len(picks) else (),
        rejections=tuple(kept.rejections),
    )
