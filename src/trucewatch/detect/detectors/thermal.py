"""Fires where and when the background does not explain them.

1. pixels of the watched period are gathered into fires, all satellites together
2. pixels of earlier deliveries teach how often a place burns by itself
3. a fire's likelihood ratio weighs a strike that burns against that background

A list of fires never says where nobody looked: this detector is silent about silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import log10

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.pixels import SCHEMA, FirePixels
from trucewatch.collect.source import Columns
from trucewatch.detect.background import DAY_NS, FireBackground, learn, season_of
from trucewatch.detect.burning import Cluster, clusters, pool
from trucewatch.detect.detection import Channel, Detection, Evidence
from trucewatch.detect.select import in_order, shares, sources
from trucewatch.detect.strength import days, log10_ratio, spread_km2
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
    tables = {
        one.table.id: one for one in evidence.columns if one.table.schema == SCHEMA
    }
    ordered = [tables[name] for name in sorted(tables)]
    return in_order(_found(ordered, evidence))


def _found(tables: list[Columns], evidence: Evidence) -> Iterator[Detection]:
    if not tables:
        return
    pixels = [FirePixels.from_columns(one) for one in tables]
    begin_ns, end_ns = _ns(evidence.watched.begin), _ns(evidence.watched.end)
    pooled = pool(list(enumerate(pixels)), begin_ns, end_ns)
    if not pooled.pixels:
        return
    background = learn(pixels, begin_ns)
    for cluster in clusters(pooled):
        names = [
            RecordId(f"{tables[p.table].table.id}#{p.line}") for p in cluster.pixels
        ]
        yield _detection(cluster, background, sources(evidence, names))


def _detection(
    cluster: Cluster, background: FireBackground, derived_from: tuple[RecordId, ...]
) -> Detection:
    time = _burning(cluster)
    return Detection(
        detector="thermal",
        channel=Channel.INSTRUMENT,
        acts=shares([Act.EXPLOSION]),
        units=None,
        place=cluster.place,
        time=time,
        log10_likelihood_ratio=_excess(cluster, background, time),
        independence=INDEPENDENCE,
        place_prec=where_prec(cluster.place),
        derived_from=derived_from,
    )


def _excess(cluster: Cluster, background: FireBackground, time: Period) -> float:
    if not background:
        return LOG10_WITHOUT_BACKGROUND
    place = cluster.place
    season = season_of(time.begin)
    rate = background.per_km2_day(place.lat_deg, place.lon_deg, season)
    return log10_ratio(P_SEEN_BURNING, log10(rate), spread_km2(place) * days(time))


def _burning(cluster: Cluster) -> Period:
    """When the fire may have begun; a fire known by date only has that day."""
    begin, end = (_instant(ns) for ns in (cluster.begin_ns, cluster.end_ns))
    by_date = cluster.end_ns - cluster.begin_ns >= DAY_NS
    return Period(begin if by_date else begin - BURNS, end)


def _ns(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1) * 1000


def _instant(ns: int) -> datetime:
    return EPOCH + timedelta(microseconds=ns // 1000)
