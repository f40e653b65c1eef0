"""Fires where and when the background does not explain them.

1. pixels of the watched period are gathered into fires, all satellites together
2. a history of fires teaches how often a place burns by itself, by season; where none
   was delivered, the pixels before the watched period do
3. how busy the same days are around tells of weather, harvest and cloud
4. a fire's likelihood ratio weighs a strike that burns against that background, as
   calibrated on years held out

A list of fires never says where nobody looked: this detector is silent about silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.pixels import HISTORY, SCHEMA, FirePixels, Numbers
from trucewatch.collect.source import Columns
from trucewatch.detect.detection import Channel, Detection, Evidence
from trucewatch.detect.select import in_order, shares, sources
from trucewatch.detect.strength import days, log10_ratio, spread_km2
from trucewatch.detect.thermal.burning import Cluster, Pool, clusters, pool
from trucewatch.detect.thermal.fires import DAY_NS, Fires, daily_fires
from trucewatch.detect.thermal.model import FireModel, learn
from trucewatch.detect.thermal.settings import DEFAULT
from trucewatch.period import Period
from trucewatch.place import where_prec
from trucewatch.record import RecordId

# A burn of one hour under six clear looks a day and 50 % cloud is seen with 12 %
# (MODEL 4); strikes that leave no fire at all lower it.
P_SEEN_BURNING = 0.1

# What a look sees burning may have been hit earlier; most burns last less (MODEL 1.3).
BURNS = timedelta(hours=3)

# Without any history a fire says little more than that something burned.
LOG10_WITHOUT_BACKGROUND = 0.3

# A field fire fools every satellite alike, whatever its family.
INDEPENDENCE = "thermal"

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per fire of the watched period, with its excess over background."""
    return in_order(_found(_tables(evidence, SCHEMA), evidence))


def _tables(evidence: Evidence, schema: str) -> tuple[Columns, ...]:
    """Each table of a kind once, by id."""
    chosen = {
        one.table.id: one for one in evidence.columns if one.table.schema == schema
    }
    return tuple(chosen[name] for name in sorted(chosen))


def _found(tables: tuple[Columns, ...], evidence: Evidence) -> Iterator[Detection]:
    if not tables:
        return
    pixels = [FirePixels.from_columns(one) for one in tables]
    begin_ns, end_ns = _ns(evidence.watched.begin), _ns(evidence.watched.end)
    pooled = pool(list(enumerate(pixels)), begin_ns, end_ns)
    if not pooled.pixels:
        return
    history = _tables(evidence, HISTORY)
    model = _model(history or tables, begin_ns)
    earlier_ns = begin_ns - (DEFAULT.lasting_days + 1) * DAY_NS
    seen = pool(list(enumerate(pixels)), earlier_ns, end_ns)
    every = list(clusters(pooled))
    clutter = _log10_clutter(model, every, seen)
    taught = [one.table.id for one in history]
    for cluster, log10_per_km2_day in zip(every, clutter.tolist(), strict=True):
        rows = [
            RecordId(f"{tables[p.table].table.id}#{p.line}") for p in cluster.pixels
        ]
        derived_from = sources(evidence, [*rows, *taught])
        yield _detection(cluster, log10_per_km2_day, derived_from)


def _model(tables: tuple[Columns, ...], before_ns: int) -> FireModel | None:
    """What the tables teach of the time before; they are cut only where they reach on.

    So a history that ends before the watched period is learnt once for all days.
    """
    last = max(int(FirePixels.from_columns(one).end_ns.max()) for one in tables)
    return _learnt(tables, min(before_ns, last))


@lru_cache(maxsize=4)
def _learnt(tables: tuple[Columns, ...], before_ns: int) -> FireModel | None:
    pixels = [FirePixels.from_columns(one) for one in tables]
    return learn([one.only(one.end_ns <= before_ns) for one in pixels])


def _log10_clutter(
    model: FireModel | None, every: list[Cluster], seen: Pool
) -> Numbers:
    """Fires per km2 and day expected without war at each cluster; NaN if unknown."""
    if model is None:
        return np.full(len(every), np.nan)
    middle = [(one.begin_ns + one.end_ns) // 2 // DAY_NS for one in every]
    fires = Fires(
        np.array([one.place.lat_deg for one in every]),
        np.array([one.place.lon_deg for one in every]),
        np.array(middle, dtype=np.int64),
        np.array([len(one.pixels) for one in every], dtype=np.int64),
    )
    around, _ = daily_fires([seen.as_pixels()], DEFAULT.link_m)
    return model.log10_clutter(model.log10_ratio(fires, around))


def _detection(
    cluster: Cluster, log10_clutter: float, derived_from: tuple[RecordId, ...]
) -> Detection:
    time = _burning(cluster)
    volume_km2_days = spread_km2(cluster.place) * days(time)
    known = np.isfinite(log10_clutter)
    ratio = log10_ratio(P_SEEN_BURNING, log10_clutter, volume_km2_days) if known else 0
    return Detection(
        detector="thermal",
        channel=Channel.INSTRUMENT,
        acts=shares([Act.EXPLOSION]),
        units=None,
        place=cluster.place,
        time=time,
        log10_likelihood_ratio=ratio if known else LOG10_WITHOUT_BACKGROUND,
        independence=INDEPENDENCE,
        place_prec=where_prec(cluster.place),
        derived_from=derived_from,
    )


def _burning(cluster: Cluster) -> Period:
    """When the fire may have begun; a fire known by date only has that day."""
    begin, end = (_instant(ns) for ns in (cluster.begin_ns, cluster.end_ns))
    by_date = cluster.end_ns - cluster.begin_ns >= DAY_NS
    return Period(begin if by_date else begin - BURNS, end)


def _ns(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1) * 1000


def _instant(ns: int) -> datetime:
    return EPOCH + timedelta(microseconds=ns // 1000)
