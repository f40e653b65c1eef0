"""What the wind at 50 km does to sound over hundreds of kilometres: rays, counted.

``python -m benchmarks.rays`` traces rays through 3,000 random atmospheres: the US
Standard Atmosphere 1976, the season's zonal wind as ``fuse.arrays.season`` has it, and
waves in wind and temperature. It prints what ``fuse.arrays.likelihood`` takes from it:
how often a stratospheric path exists, celerities, turned bearings, first returns.

Rays run in layers of 1 km with a linear effective sound speed, where path and time have
closed forms. Source: Garces et al. 1998, doi:10.1046/j.1365-246X.1998.00618.x, without
the second order in the wind.
"""

import numpy as np

HEIGHT_KM = np.arange(0, 131.0)
STANDARD_K = np.interp(
    HEIGHT_KM,
    [0, 11, 20, 32, 47, 51, 71, 85, 91, 100, 110, 120, 130],
    [288, 217, 217, 229, 271, 271, 215, 189, 187, 195, 240, 360, 469],
)
# Shape of the zonal wind in units of that at 50 km, and of the jet at 12 km.
HIGH = np.interp(
    HEIGHT_KM, [0, 20, 50, 65, 88, 100, 115, 130], [0, 0, 1, 1.3, 0, -0.5, 0, 0]
)
JET = np.interp(HEIGHT_KM, [0, 2, 12, 20, 130], [0, 0.25, 1, 0, 0])
WAVES_MPS = np.interp(HEIGHT_KM, [0, 10, 50, 80, 95, 130], [4, 7, 10, 20, 35, 40])
LAUNCH = np.radians(np.linspace(0.5, 45, 300))
KINDS = (("low", 1, 20), ("stratospheric", 20, 75), ("thermospheric", 75, 131))


def waves(draw, sd, corr_km):
    """A random profile of standard deviation ``sd``, smooth over ``corr_km``."""
    off = np.arange(-4 * corr_km, 4 * corr_km + 1)
    kernel = np.exp(-0.5 * (off / corr_km) ** 2)
    noise = draw.standard_normal(len(HEIGHT_KM) + len(off) - 1)
    return sd * np.convolve(noise, kernel / np.sqrt((kernel**2).sum()), "valid")


def atmosphere(draw, season=None):
    """Zonal wind at 50 km; zonal and meridional wind and temperature by height."""
    season = draw.uniform(0, 2 * np.pi) if season is None else season
    belt = np.sin(2 * np.radians(draw.uniform(30, 60)))
    at50 = belt * (5 + 40 * np.cos(season))
    jet = belt * (16 + 6 * np.cos(season))
    east = at50 * HIGH + jet * JET + waves(draw, 1, 6) * WAVES_MPS
    north = waves(draw, 1, 6) * WAVES_MPS
    ground = np.interp(HEIGHT_KM, [0, 12, 130], [-12 * np.cos(season), 0, 0])
    return at50, east, north, STANDARD_K + waves(draw, 4, 8) + ground


def trace(east, north, kelvin, azimuth):
    """Turning height (km), range (km), time (s) and drift to the right (km) of rays."""
    along = east * np.sin(azimuth) + north * np.cos(azimuth)
    across = east * np.cos(azimuth) - north * np.sin(azimuth)
    speed = 20.05 * np.sqrt(kelvin) + along
    slowness = (np.cos(LAUNCH) / speed[0])[:, None]
    grade = np.diff(speed)
    grade = np.where(abs(grade) < 0.01, 0.01, grade)
    low, high = slowness * speed[:-1], slowness * (speed[:-1] + grade)
    over = high >= 1
    turn = np.where(over.any(1), over.argmax(1), -1)
    rise = np.sqrt(np.maximum(1 - low**2, 1e-12))
    top = np.where(over, 0, np.sqrt(np.maximum(1 - high**2, 0)))
    path = (rise - top) / (slowness * grade)
    spent = np.log((1 + rise) / low) - np.log((1 + top) / np.minimum(high, 1))
    passed = np.arange(len(grade))[None] <= turn[:, None]
    spent = np.where(passed, 1000 * spent / grade, 0)
    drift = (spent * (across[:-1] + across[1:]) / 2).sum(1) / 1000
    return turn, 2 * np.where(passed, path, 0).sum(1), 2 * spent.sum(1), 2 * drift


def counted(count=3000, seed=7):
    """Per atmosphere and kind: wind along and across at 50 km, and the mean of rays."""
    draw = np.random.default_rng(seed)
    found = {name: [] for name, _, _ in KINDS}
    for _ in range(count):
        at50, *air = atmosphere(draw)
        azimuth = draw.uniform(0, 2 * np.pi)
        turn, far, time, drift = trace(*air, azimuth)
        for name, low, high in KINDS:
            there = (turn >= low) & (turn < high) & (far > 5)
            row = [at50 * np.sin(azimuth), at50 * np.cos(azimuth), float(there.any())]
            if there.any():
                away = far[there]
                row += [(away / time[there]).mean(), (drift[there] / away).mean()]
                row += [away.min()]
            else:
                row += [np.nan] * 3
            found[name].append(row)
    return {name: np.array(rows) for name, rows in found.items()}


def main():
    for name, rows in counted().items():
        along, across, there, celerity, drift, first = rows.T
        seen = there > 0
        print(f"{name}: in {seen.mean():.3f} of atmospheres")
        line = np.polyfit(along[seen], celerity[seen], 1)
        rest = celerity[seen] - np.polyval(line, along[seen])
        print(f"  celerity {line[1]:.4f} + {line[0]:.6f} along, rest {rest.std():.4f}")
        turn = (across[seen] * drift[seen]).sum() / (across[seen] ** 2).sum()
        rest = np.degrees(drift[seen] - turn * across[seen]).std()
        print(f"  turned {turn:.5f} rad per m/s across, rest {rest:.2f} deg")
        print(f"  first return {np.mean(first[seen]):.0f} ± {first[seen].std():.0f} km")
        for low in range(-30, 50, 10):
            here = (along >= low) & (along < low + 10)
            print(f"  along {low + 5:+d} m/s: a path in {seen[here].mean():.2f}")


if __name__ == "__main__":
    main()
