"""Sudden onsets in single channels, miniSEED or SAC, as picks like those of nodes."""

from __future__ import annotations

import numpy as np

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.node_picks import Heard, picks_of
from trucewatch.collect.onsets import PRESSURE, SOUND, onsets
from trucewatch.collect.rows import Account
from trucewatch.collect.seismology import clock_of, read_stream
from trucewatch.collect.settings import known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import plain
from trucewatch.collect.waveforms import fault_of, samples_of

OPTIONS = known("A", "2", family="acoustic", network="channels", **{"as": "pressure"})
_BANDS = {"pressure": PRESSURE, "sound": SOUND}


def read(raw: bytes, delivery: Delivery) -> Batch:
    """Every onset of every usable stretch; every other stretch rejected.

    Raises:
        SourceError: if the delivery is neither form, ObsPy is absent, or an option is
            wrong.
    """
    chosen = options(delivery, OPTIONS)
    if chosen.text("as") not in _BANDS:
        raise chosen.refused(name="as", instead=f"one of {', '.join(_BANDS)}")
    band, family = _BANDS[chosen.text("as")], chosen.slug("family")
    data = plain(raw)
    stream, said = read_stream(data)
    clock = clock_of(data)
    kept, heard = Account(delivery), []
    for number, trace in enumerate(stream, 1):
        where = f"stretch {number} ({trace.id})"
        if fault := fault_of(trace):
            kept.reject(where, fault)
            continue
        samples = samples_of(trace).astype(np.float64)
        heard.append(
            Heard(
                sensor_id=trace.id,
                begin_ns=int(trace.stats.starttime.ns),
                found=onsets(samples, float(trace.stats.sampling_rate), band),
                unit_pa=float("nan"),
                clock=clock,
                clock_sigma_s=float("nan"),
                where=where,
            )
        )
    for number, what in enumerate(said, 1):
        kept.reject(f"warning {number}", what)
    picks = picks_of(heard, f"{family}:{chosen.slug('network')}")
    return Batch(
        rows_read=len(picks) + len(kept.rejections),
        tables=(picks.to_columns(delivery, family),) if len(picks) else (),
        rejections=tuple(kept.rejections),
    )
