"""What acoustic nodes send: picks, places, outages, heartbeats.

As the tables of ``trucewatch associate``, as JSON objects (a list, or one per line), or
as a broker's messages one per line (``topic`` ``…/<sensor_id>/<kind>`` and ``payload``,
as ``mosquitto_sub -F %j`` writes them). Signed messages are checked.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.listening import Hearing, Spot, listened
from trucewatch.collect.messages import Sorted, messages
from trucewatch.collect.node_tables import (
    heartbeats_of,
    nodes_of,
    outages_of,
    picks_of,
)
from trucewatch.collect.nodes import Heartbeats, Nodes
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import known, options
from trucewatch.collect.sheet import Reals, Sheet
from trucewatch.collect.source import Batch

OPTIONS = known(
    "A",
    "2",
    family="acoustic",
    network="nodes",
    range_m="5000",
    beat_s="60",
    join_s="5",
    signed="no",
)
FREE = ("key.",)


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One table per kind of message, and the looks that heartbeats prove.

    Raises:
        SourceError: if the delivery is none of the forms or an option is wrong.
    """
    chosen = options(delivery, OPTIONS, FREE)
    family, network = chosen.slug("family"), chosen.slug("network")
    hearing = Hearing(
        family, network, chosen.number("range_m"), chosen.number("join_s")
    )
    found = messages(raw, chosen)
    beats, where = _beats(found, chosen.number("beat_s"))
    nodes = outages = picks = None
    if told := _told(found, "node"):
        nodes = nodes_of(*told)
    if told := _told(found, "outage"):
        outages = outages_of(*told)
    if told := _told(found, "pick"):
        picks = picks_of(*told, key=f"{family}:{network}")
    places = _places(nodes, beats, where)
    looks = listened(beats, outages, places, hearing, delivery)
    kept = _refused(found, delivery)
    tables = tuple(
        one.to_columns(delivery, family)
        for one in (nodes, picks, outages, beats)
        if one is not None and len(one)
    )
    return Batch(
        rows_read=sum(one.table.rows for one in tables) + len(kept.rejections),
        acquisitions=looks,
        tables=tables,
        rejections=tuple(kept.rejections),
        drawn=len(looks),
    )


def _beats(found: Sorted, beat_s: float) -> tuple[Heartbeats | None, Reals]:
    told = _told(found, "heartbeat")
    return heartbeats_of(*told, beat_s) if told else (None, np.empty((0, 2)))


def _told(found: Sorted, kind: str) -> tuple[Sheet, tuple[str, ...], str] | None:
    """All that was told of one kind; ``None`` for nothing."""
    if kind not in found.sheets:
        return None
    return found.sheets[kind], found.seals[kind], found.unit


def _places(
    nodes: Nodes | None, beats: Heartbeats | None, where: Reals
) -> Mapping[str, Spot]:
    """Where nodes stand; a survey goes before what a node says of itself."""
    places: dict[str, Spot] = {}
    if beats is not None:
        for sensor, (lat, lon) in zip(beats.sensor_id, where.tolist(), strict=True):
            if lat == lat and lon == lon and (lat, lon) != (0, 0):
                places.setdefault(str(sensor), (lat, lon))
    if nodes is not None:
        spots = zip(nodes.lat_deg.tolist(), nodes.lon_deg.tolist(), strict=True)
        places |= dict(zip(map(str, nodes.sensor_id), spots, strict=True))
    return places


def _refused(found: Sorted, delivery: Delivery) -> Account:
    """Every message that was not used, in order of rows."""
    kept = Account(delivery)
    refused = [*found.rejects]
    for sheet in found.sheets.values():
        refused += sheet.rejects
    for one in sorted(refused, key=lambda one: (one.line, one.reason)):
        kept.reject(f"{found.unit} {one.line}", one.reason)
    return kept
