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


def line(length_m=420_000.0, step_m=5_000.0):
    """A line of nodes in three rows, 1 km off a straight one here and there."""
    x, row = np.meshgrid(np.arange(0.0, length_m + 1, step_m), np.arange(3))
    x, y = x.ravel(), row.ravel() * 5_000.0
    n = x.size
    return Network(
        sensor_id=tuple(f"L{k:04d}" for k in range(n)),
        x_m=(x + 800.0 * np.sin(1.3 * np.arange(n))).round(1),
        y_m=(y + 900.0 * np.cos(2.1 * np.arange(n))).round(1),
        clock_sigma_s=np.full(n, 0.002),
        noise_db=np.full(n, 85.0),
    )


def volleys(network):
    """Incidents along a line, many of them at the borders of tiles and of epochs."""
    mean = float(network.x_m.mean())
    borders = [mean + 60_000.0 * k for k in (-2.5, -1.5, -0.5, 0.5, 1.5, 2.5)]
    found = [
        (x + 37.0 * (k % 3 - 1), 4_000.0 + 700.0 * (k % 5), 40.0 + 163.0 * k, 118.0)
        for k, x in enumerate(borders * 2)
    ]
    found += [(x, 6_100.0, 899.6 + 0.3 * k, 118.0) for k, x in enumerate(borders)]
    found += [
        (x + 9_000.0, 3_300.0, 1_790.0 + 7.0 * k, 118.0) for k, x in enumerate(borders)
    ]
    return sorted(found, key=lambda one: one[2])


def heard(network, incidents, heard_m=9000.0, clutter=0, span_s=590.0):
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
        rows.append((1.0 + (k * 37.77) % span_s, s, 92.0 + (k * 5) % 11))
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
