"""Where channels of arrays stand: ``array_id,channel_id,lat,lon[,elevation_m]``.

Or StationXML, where the array is option ``array``, or the station's name less digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from trucewatch.collect.cells import number, shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.rows import Account, Row, csv_rows
from trucewatch.collect.seismology import read_inventory
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import plain
from trucewatch.collect.waveforms import Channels, array_of

if TYPE_CHECKING:
    from obspy import Inventory
    from obspy.core.inventory import Channel

OPTIONS = known("A", "2", family="infrasound", array="")

_NEED = ("array_id", "channel_id", "lat", "lon")

Stand = tuple[str, str, float, float, float]


def read(raw: bytes, delivery: Delivery) -> Batch:
    """All usable channels as one table; every other row rejected.

    Raises:
        SourceError: if the delivery is neither form or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    data = plain(raw)
    kept = Account(delivery)
    good: list[tuple[str, Stand]] = []
    for where, make in _rows(data, chosen):
        try:
            good.append((where, make()))
        except ValueError as error:
            kept.reject(where, str(error))
    stands = [stand for _, stand in good]
    numbers = np.array([stand[2:] for stand in stands]).reshape(-1, 3)
    channels = Channels(
        array_id=tuple(stand[0] for stand in stands),
        channel_id=tuple(stand[1] for stand in stands),
        lat_deg=numbers[:, 0],
        lon_deg=numbers[:, 1],
        elevation_m=numbers[:, 2],
        row=tuple(where for where, _ in good),
    )
    columns = channels.to_columns(delivery, chosen.slug("family"))
    return Batch(
        rows_read=len(good) + len(kept.rejections),
        tables=(columns,) if good else (),
        rejections=tuple(kept.rejections),
    )


def _rows(data: bytes, chosen: Options) -> Iterator[tuple[str, Callable[[], Stand]]]:
    """Every row with where it stood and how to make it."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from _from_inventory(read_inventory(data), chosen.text("array"))
        return
    for row in csv_rows(data, chosen, _NEED):
        yield row.where, partial(_of_row, row)


def _of_row(row: Row) -> Stand:
    """One line of the table.

    Raises:
        ValueError: if a cell is unusable.
    """
    if row.fault:
        raise ValueError(row.fault)
    height = row.get("elevation_m")
    return _stand(
        (row.need("array_id"), row.need("channel_id")),
        number(row.need("lat")),
        number(row.need("lon")),
        number(height) if height else np.nan,
    )


def _from_inventory(
    inventory: Inventory, array: str
) -> Iterator[tuple[str, Callable[[], Stand]]]:
    """Every channel of an inventory, once per epoch that places it anew."""
    seen: set[tuple[str, float, float, float]] = set()
    for name, one in _channels(inventory):
        place = (name, float(one.latitude), float(one.longitude), float(one.elevation))
        if place not in seen:
            seen.add(place)
            names = (array or array_of(name), name)
            yield f"channel {len(seen)} ({name})", partial(_stand, names, *place[1:])


def _channels(inventory: Inventory) -> Iterator[tuple[str, Channel]]:
    """Every channel with its SEED name."""
    stations = [(network, station) for network in inventory for station in network]
    for network, station in stations:
        for one in station:
            parts = (network.code, station.code, one.location_code, one.code)
            yield ".".join(part or "" for part in parts), one


def _stand(
    names: tuple[str, str], lat_deg: float, lon_deg: float, elevation_m: float
) -> Stand:
    """Where one channel stands, checked.

    Raises:
        ValueError: if its name or place is impossible.
    """
    if names[1].count(".") != 3:
        msg = f"channel_id {shown(names[1])} is not NET.STA.LOC.CHA"
        raise ValueError(msg)
    if not (-90 <= lat_deg <= 90 and -180 <= lon_deg <= 180):
        msg = f"coordinates out of range: {lat_deg}, {lon_deg}"
        raise ValueError(msg)
    return (*names, lat_deg, lon_deg, elevation_m)
