"""Small networks with known incidents, made without chance."""

import numpy as np

from trucewatch.fuse.acoustic.network import Network, Picks

C_MPS = 340.0
SPREAD_DB = 1.0


def grid(step_m=4000.0, nx=5, ny=4):
    x, y = np.meshgrid(np.arange(nx) * step_m, np.arange(ny) * step_m, indexing="ij")
    x = x.ravel() + 137.0 * np.sin(np.arange(nx * ny))
    y = y.ravel() + 151.0 * np.cos(np.arange(nx * ny) * 1.7)
    n = nx * ny
    return Network(
        sensor_id=tuple(f"S{k:02d}" for k in range(n)),
        x_m=x,
        y_m=y,
        clock_sigma_s=np.full(n, 0.002),
        noise_db=np.full(n, 85.0),
    )


def heard(network, incidents, heard_m=9000.0, clutter=0):
    """Picks of incidents (x, y, t, level), with a wobble of 5 ms in still air."""
    rows = []
    for k, (x, y, t, level) in enumerate(incidents):
        r = np.hypot(network.x_m - x, network.y_m - y)
        for s in np.nonzero(r < heard_m)[0]:
            wobble = 0.005 * np.sin(7.3 * s + 3.1 * k)
            loss = 20 * np.log10(max(r[s], 20.0) / 1000) + 1.5 * (r[s] / 1000 - 1)
            rows.append((t + r[s] / C_MPS + wobble, s, level - loss))
    for k in range(clutter):
        s = (k * 7) % network.x_m.size
        rows.append((1.0 + (k * 37.77) % 590.0, s, 92.0 + (k * 5) % 11))
    rows.sort()
    time, sensor, level = (np.array(column) for column in zip(*rows, strict=True))
    return Picks(
        time_s=time.astype(float),
        sensor=sensor.astype(np.int64),
        level_db=level.astype(float),
        snr_db=level.astype(float) - 85.0,
    )


INCIDENTS = (
    (5200.0, 6100.0, 100.0, 118.0),
    (9100.0, 4300.0, 220.0, 118.0),
    (6900.0, 7700.0, 341.0, 118.0),
    (5200.0, 6100.0, 480.0, 118.0),
)
