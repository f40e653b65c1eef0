"""A picture of a network, its incidents and its residuals, as SVG without a library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import numpy as np

from trucewatch.fuse.acoustic.network import Network
from trucewatch.fuse.acoustic.solution import Solution
from trucewatch.watch.acoustic_files import Heard
from trucewatch.watch.columns import Reals
from trucewatch.watch.ground_frame import SQRT_CHI2_90, axes

WIDTH, HEIGHT = 1_280, 860
_MARGIN = 0.04
_MOST_POINTS = 6_000
_RESIDUAL_S = 0.4
_BINS = 80
_INK, _FAINT, _SENSOR, _BROKEN = "#1b1f24", "#d0d7de", "#6e7781", "#cf222e"
_ODDS = ("#9ecae1", "#4292c6", "#08519c")  # below 0.5, below 0.9, above
_STYLE = (
    "text{font:12px sans-serif;fill:#1b1f24}.t{font-size:14px;font-weight:600}"
    ".s{font-size:11px;fill:#57606a}"
)


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle of the picture and the values its edges stand for."""

    left: int
    top: int
    wide: int
    high: int
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: Reals, y: Reals) -> tuple[Reals, Reals]:
        """Where values stand in the picture."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + self.wide * across, self.top + self.high * (1 - up)


def network_plot(heard: Heard, solution: Solution) -> str:
    """Map, residuals, residuals by distance and clocks; the same input, same text."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img">',
        "<title>Network, incidents and residuals</title>",
        f"<style>{_STYLE}</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *_map(heard.network, solution),
        *_histogram(solution),
        *_by_distance(heard, solution),
        *_clocks(heard.network, solution),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _map(network: Network, solution: Solution) -> Iterator[str]:
    """Nodes and 90 % ellipses, to scale; small ellipses are drawn as dots as well."""
    panel = _ground(network, solution)
    yield from _frame(panel, "Sensors and incidents", "km east", "km north", 1e-3)
    x, y = panel.at(network.x_m, network.y_m)
    for k in range(len(x)):
        colour, size = (_BROKEN, 4) if solution.clock_broken[k] else (_SENSOR, 1.6)
        name = escape(network.sensor_id[k])
        yield (
            f'<circle cx="{x[k]:.1f}" cy="{y[k]:.1f}" r="{size}" fill="{colour}">'
            f"<title>{name}</title></circle>"
        )
    cov, scale = solution.cov, panel.wide / (panel.x[1] - panel.x[0])
    long, short, turn = axes(cov[:, 0, 0], cov[:, 0, 1], cov[:, 1, 1])
    x, y = panel.at(solution.x_m, solution.y_m)
    for k in _sample(len(x)):
        colour = _ODDS[int(np.searchsorted((0.5, 0.9), solution.probability[k]))]
        major, minor = (SQRT_CHI2_90 * scale * one[k] for one in (long, short))
        yield (
            f'<ellipse cx="{x[k]:.1f}" cy="{y[k]:.1f}" rx="{max(major, 2):.1f}" '
            f'ry="{max(minor, 2):.1f}" fill="{colour}" fill-opacity="0.35" '
            f'stroke="{colour}" '
            f'transform="rotate({turn[k] - 90:.1f} {x[k]:.1f} {y[k]:.1f})"/>'
        )
    shades = zip(_ODDS, ("p < 0.5", "p < 0.9", "p ≥ 0.9"), strict=True)
    entries = [*shades, (_SENSOR, "sensor"), (_BROKEN, "clock flagged")]
    for k, (colour, text) in enumerate(entries):
        left, top = panel.left + 130 * k, panel.top + panel.high + 52
        yield f'<circle cx="{left + 6}" cy="{top - 4}" r="5" fill="{colour}"/>'
        yield f'<text x="{left + 16}" y="{top}">{escape(text)}</text>'


def _ground(network: Network, solution: Solution) -> Panel:
    """A panel that holds all there is, one scale both ways."""
    x = np.concatenate([network.x_m, solution.x_m])
    y = np.concatenate([network.y_m, solution.y_m])
    wide, high = WIDTH - 110, 400
    middle_x, middle_y = (x.min() + x.max()) / 2, (y.min() + y.max()) / 2
    metres = max(np.ptp(x) / wide, np.ptp(y) / high, 1e-3) * (1 + _MARGIN)
    half_x, half_y = metres * wide / 2, metres * high / 2
    return Panel(
        60,
        40,
        wide,
        high,
        (middle_x - half_x, middle_x + half_x),
        (middle_y - half_y, middle_y + half_y),
    )


def _histogram(solution: Solution) -> Iterator[str]:
    """How far arrivals are from where they should be; what lies outside is counted."""
    residual = solution.residual_s[solution.weight >= 0.5]
    edges = np.linspace(-_RESIDUAL_S, _RESIDUAL_S, _BINS + 1)
    counts = np.histogram(residual, edges)[0]
    top = float(max(counts.max(), 1)) * 1.2  # room for a line of text
    panel = Panel(60, 560, 330, 240, (-_RESIDUAL_S, _RESIDUAL_S), (0.0, top))
    yield from _frame(panel, "Residuals (weight ≥ 0.5)", "s", "arrivals", 1.0)
    x, y = panel.at(edges, np.append(counts, 0).astype(np.float64))
    base = panel.top + panel.high
    for k in np.flatnonzero(counts).tolist():
        yield (
            f'<rect x="{x[k]:.1f}" y="{y[k]:.1f}" width="{x[k + 1] - x[k]:.1f}" '
            f'height="{base - y[k]:.1f}" fill="{_ODDS[1]}"/>'
        )
    if len(residual):
        middle = float(np.median(residual))
        spread = 1.4826 * float(np.median(np.abs(residual - middle)))
        beyond = len(residual) - int(counts.sum())
        told = f"median {1e3 * middle:.1f} ms, robust sd {1e3 * spread:.1f} ms"
        yield f'<text class="s" x="68" y="578">{told}, {beyond} beyond</text>'


def _by_distance(heard: Heard, solution: Solution) -> Iterator[str]:
    """Residuals against distance: a slope is wrong air, a widening fan turbulence."""
    sensor = heard.picks.sensor[solution.pick]
    east = heard.network.x_m[sensor] - solution.x_m[solution.incident]
    north = heard.network.y_m[sensor] - solution.y_m[solution.incident]
    km = np.hypot(east, north) / 1_000
    far = float(km.max()) * 1.05 if len(km) else 1.0
    panel = Panel(480, 560, 330, 240, (0.0, far), (-_RESIDUAL_S, _RESIDUAL_S))
    yield from _frame(panel, "Residuals by distance", "km", "s", 1.0)
    within = np.abs(solution.residual_s) <= _RESIDUAL_S
    yield from _points(panel, km[within], solution.residual_s[within], _ODDS[2])


def _clocks(network: Network, solution: Solution) -> Iterator[str]:
    """Solved clock offsets of the sensors in order of their names."""
    offset = np.clip(solution.clock_s, -_RESIDUAL_S, _RESIDUAL_S)
    most = max(float(np.abs(offset).max(initial=0.0)) * 1.1, 0.01)
    rows = np.arange(len(offset), dtype=np.float64)
    panel = Panel(900, 560, 330, 240, (-1.0, float(len(offset))), (-most, most))
    yield from _frame(panel, "Solved clock offsets", "sensor", "s", 1.0)
    good = ~solution.clock_broken
    yield from _points(panel, rows[good], offset[good], _SENSOR)
    yield from _points(panel, rows[~good], offset[~good], _BROKEN)


def _points(panel: Panel, x: Reals, y: Reals, colour: str) -> Iterator[str]:
    """At most a few thousand dots, evenly taken, as one path."""
    across, down = panel.at(x, y)
    dots = "".join(f"M{across[k]:.1f} {down[k]:.1f}h0" for k in _sample(len(across)))
    if dots:
        yield (
            f'<path d="{dots}" stroke="{colour}" stroke-width="2.4" '
            'stroke-linecap="round" stroke-opacity="0.5" fill="none"/>'
        )


def _sample(count: int) -> list[int]:
    step = max(1, -(-count // _MOST_POINTS))
    return list(range(0, count, step))


def _frame(
    panel: Panel, title: str, x_unit: str, y_unit: str, scale: float
) -> Iterator[str]:
    """A box with a title, ticks and units; ``scale`` turns values into the units."""
    left, top, base = panel.left, panel.top, panel.top + panel.high
    yield f'<text class="t" x="{left}" y="{top - 12}">{title}</text>'
    yield (
        f'<rect x="{left}" y="{top}" width="{panel.wide}" height="{panel.high}" '
        f'fill="none" stroke="{_INK}"/>'
    )
    for value in _ticks(panel.x, scale):
        x = float(panel.at(np.array(value / scale), np.array(panel.y[0]))[0])
        yield f'<path d="M{x:.1f} {top}V{base}" stroke="{_FAINT}" stroke-width="0.5"/>'
        yield (
            f'<text class="s" x="{x:.1f}" y="{base + 16}" text-anchor="middle">'
            f"{value:g}</text>"
        )
    for value in _ticks(panel.y, scale):
        y = float(panel.at(np.array(panel.x[0]), np.array(value / scale))[1])
        yield (
            f'<path d="M{left} {y:.1f}H{left + panel.wide}" stroke="{_FAINT}" '
            'stroke-width="0.5"/>'
        )
        yield (
            f'<text class="s" x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">'
            f"{value:g}</text>"
        )
    middle, half_up = left + panel.wide // 2, top + panel.high // 2
    yield (
        f'<text class="s" x="{middle}" y="{base + 32}" text-anchor="middle">'
        f"{x_unit}</text>"
    )
    yield (
        f'<text class="s" text-anchor="middle" '
        f'transform="translate({left - 42} {half_up}) rotate(-90)">{y_unit}</text>'
    )


def _ticks(edges: tuple[float, float], scale: float) -> list[float]:
    """About five round values between two edges."""
    low, high = edges[0] * scale, edges[1] * scale
    raw = (high - low) / 5
    power = 10.0 ** np.floor(np.log10(raw))
    step = float(power * min((1, 2, 5, 10), key=lambda one: abs(one * power - raw)))
    first = int(np.ceil(low / step))
    return [round(k * step, 10) for k in range(first, int(np.floor(high / step)) + 1)]
