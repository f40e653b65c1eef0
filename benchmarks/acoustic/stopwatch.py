"""How soon a stream tells, and what the process holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from trucewatch.fuse.acoustic.version import Status, Version

FORGET_S = 300.0


def rss_mb() -> float:
    """Memory of this process now."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1e3


def quantiles(values: list[float]) -> dict[str, float]:
    """Median, 99th percentile, largest and how many; empty for nothing."""
    if not values:
        return {}
    middle, high = np.quantile(values, (0.5, 0.99))
    figures = {"p50": middle, "p99": high, "max": max(values)}
    return {k: round(float(v), 3) for k, v in figures.items()} | {"n": len(values)}


class Delays:
    """Seconds from when the fifth pick of an incident came to when it was told."""

    def __init__(self) -> None:
        self._came_s: dict[str, float] = {}
        self._found: list[float] = []

    def note(
        self, told: list[Version], now_s: float, ids: list[str], came_s: np.ndarray
    ) -> None:
        """What was told at `now_s`, after these picks had come."""
        self._came_s |= dict(zip(ids, came_s.tolist(), strict=True))
        for one in told:
            first = one.status == Status.PROVISIONAL and one.revision == 1
            came = [self._came_s.get(pick, np.nan) for pick in one.pick_id]
            if first and len(came) >= 5 and np.isfinite(came).all():
                self._found.append(now_s - sorted(came)[4])
        if len(self._came_s) > 50_000:
            old = now_s - FORGET_S
            self._came_s = {p: t for p, t in self._came_s.items() if t > old}

    def take(self) -> list[float]:
        """The delays since it was last asked."""
        found, self._found = self._found, []
        return found
