"""A small acoustic network on the round earth, as tables a source would make."""

import numpy as np
import pyarrow as pa

from tests.detect.build import DAY0
from tests.fuse.acoustic.scenes import INCIDENTS, grid, heard
from trucewatch.agreement.planar import Plane
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.nodes import NodePicks, Nodes

PLANE = Plane(37.5, 48.5)
START_S = DAY0.timestamp() + 3_600.0


def where(x_m, y_m):
    """Latitude and longitude of a point of the scene."""
    lon, lat = PLANE.unproject(np.array([[x_m - 8_000.0, y_m - 6_000.0]]))[0]
    return float(lat), float(lon)


def delivery(name):
    return Delivery(source="acoustic_nodes", name=name, sha256="0" * 64, size_bytes=1)


def tables(
    incidents=INCIDENTS, name="picks", start_s=START_S, order=None, network="nodes"
):
    """Tables of nodes and of the picks they make of some bangs."""
    nodes = grid()
    picks = heard(nodes, incidents)
    spots = [
        where(x, y) for x, y in zip(nodes.x_m.tolist(), nodes.y_m.tolist(), strict=True)
    ]
    count, total = len(spots), len(picks.time_s)
    order = np.arange(total) if order is None else order
    lat, lon = np.array(spots).T
    text = lambda word, n: pa.array([word] * n, pa.string())  # noqa: E731
    unknown = np.full(count, np.nan)
    stands = Nodes(
        sensor_id=pa.array(nodes.sensor_id, pa.string()),
        lat_deg=lat,
        lon_deg=lon,
        elevation_m=unknown,
        clock_sigma_s=nodes.clock_sigma_s,
        noise_db=nodes.noise_db,
        seal=text("unsigned", count),
        row=text("line", count),
    )
    names = np.array(nodes.sensor_id)[picks.sensor]
    time_ns = np.round((picks.time_s + start_s) * 1e9).astype(np.int64)
    onsets = NodePicks(
        pick_id=pa.array([str(n) for n in order], pa.string()),
        sensor_id=pa.array(names[order].tolist(), pa.string()),
        time_ns=time_ns[order],
        onset_sd_s=np.full(total, np.nan),
        clock_sigma_s=np.full(total, np.nan),
        level_db=picks.level_db[order],
        snr_db=picks.snr_db[order],
        clock=text("locked", total),
        seal=text("unsigned", total),
        independence=text(f"acoustic:{network}", total),
        row=text("line", total),
    )
    return (
        stands.to_columns(delivery("nodes"), "acoustic"),
        onsets.to_columns(delivery(name), "acoustic"),
    )
