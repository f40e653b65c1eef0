"""The plots of a scorecard as SVG, drawn with the page's own colours."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import log

from trucewatch.exercise.calibration import Calibration
from trucewatch.exercise.score import Abstention, Scorecard

_SIDE, _LEFT, _TOP, _BELOW = 230.0, 46.0, 34.0, 62.0
_WIDE = _SIDE + _LEFT + 18
_HIGH = _SIDE + _TOP + _BELOW


def reliability(found: Calibration, what: str) -> str:
    """Stated probability across, the share that came true up, how many below.

    The band is where nine in ten dots of a true forecaster would lie.
    """
    parts = [*_frame(what), _ideal(found)]
    most = max((one.statements for one in found.bins), default=1)
    for one in found.bins:
        x, y = _x(one.p_stated), _y(one.p_came_true)
        told = (
            f"stated {one.p_stated:.2f}, came true {one.p_came_true:.2f}; "
            f"{one.statements} statements"
        )
        high = 30 * (one.statements / most) ** 0.5
        base = _TOP + _SIDE + _BELOW - 6
        parts.append(
            f'<rect x="{x - 5:.1f}" y="{base - high:.1f}" width="10" '
            f'height="{high:.1f}" class="count"><title>{told}</title></rect>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" class="dot">'
            f"<title>{told}</title></circle>"
        )
    line = " ".join(
        f"{_x(one.p_stated):.1f},{_y(one.p_came_true):.1f}" for one in found.bins
    )
    parts.insert(-1, f'<polyline points="{line}" class="path"/>' if line else "")
    return _svg(parts, f"{what}: stated probability and share that came true")


def _ideal(found: Calibration) -> str:
    """The diagonal and, about it, what chance alone does to as many statements."""
    above, below = [], []
    for one in found.bins:
        p = one.p_stated
        off = 1.645 * (max(p * (1 - p), 0.25 / one.statements) / one.statements) ** 0.5
        above.append(f"{_x(p):.1f},{_y(min(1.0, p + off)):.1f}")
        below.append(f"{_x(p):.1f},{_y(max(0.0, p - off)):.1f}")
    band = " ".join([*above, *reversed(below)])
    drawn = f'<polygon points="{band}" class="band"/>' if len(above) > 1 else ""
    return (
        f'{drawn}<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" '
        'class="ideal"/>'
    )


def abstention(rows: Sequence[Abstention]) -> str:
    """How many sides are named, and how many of them wrongly, by the weight asked."""
    what = "Sides: named, or abstained"
    parts = _frame(what, across="least weight of a side", up=("0 %", "50 %", "100 %"))
    whole = max((one.of for one in rows), default=0)
    if not whole:
        parts.append(
            f'<text x="{_x(0.5)}" y="{_y(0.5)}" class="x">none probable</text>'
        )
        return _svg(parts, what)
    for name, values in (
        ("path", [one.named / whole for one in rows]),
        ("bad", [one.wrong / one.named if one.named else 0.0 for one in rows]),
    ):
        line = " ".join(
            f"{_x(one.p_least):.1f},{_y(v):.1f}"
            for one, v in zip(rows, values, strict=True)
        )
        parts.append(f'<polyline points="{line}" class="{name}"/>')
        parts += [
            f'<circle cx="{_x(one.p_least):.1f}" cy="{_y(v):.1f}" r="3.5" '
            f'class="{name}-dot"><title>at {one.p_least:.2f}: named {one.named} of '
            f"{one.of}, wrong {one.wrong}</title></circle>"
            for one, v in zip(rows, values, strict=True)
        ]
    base = _TOP + _SIDE + _BELOW - 10
    parts.append(
        f'<text x="{_LEFT}" y="{base}" class="key path-key">● named</text>'
        f'<text x="{_LEFT + 80}" y="{base}" class="key bad-key">● wrong of them</text>'
    )
    return _svg(parts, what)


def alerts(card: Scorecard) -> str:
    """How many of the true breaches had their first alert so long after they began.

    Time across in a logarithmic measure, from a minute to two days.
    """
    what = "First alert after the deed"
    parts = _frame(what, across="time since the deed", marks=("1 min", "1 h", "2 d"))
    if not card.breaches or not card.alerted:
        parts.append(f'<text x="{_x(0.5)}" y="{_y(0.5)}" class="x">no breach</text>')
        return _svg(parts, what)
    first, last = card.alerted[0].after_s, card.alerted[-1].after_s
    spots = [
        (log(one.after_s / first) / log(last / first), one.alerts / card.breaches, one)
        for one in card.alerted
    ]
    line = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y, _ in spots)
    parts.append(f'<polyline points="{line}" class="path"/>')
    parts += [
        f'<circle cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="3.5" class="path-dot"><title>'
        f"{one.alerts} of {card.breaches} within {one.after_s / 60:.0f} min"
        "</title></circle>"
        for x, y, one in spots
    ]
    return _svg(parts, what)


def methods(card: Scorecard) -> str:
    """The Brier scores of three ways to say how likely a breach is."""
    rows = (
        ("Points method", card.points.brier_ratio, "count"),
        ("Fusion's odds alone", card.breach_brier_raw_ratio, "count"),
        ("As said in findings", card.breach.brier_ratio, "dot"),
    )
    most = max(0.25, *(p for _, p, _ in rows))
    parts = [
        f'<text x="{_WIDE / 2}" y="18" class="head">Brier score, less is better</text>'
    ]
    for n, (name, p, tone) in enumerate(rows):
        y = _TOP + 34 + n * 66
        wide = max(2.0, (_SIDE - 40) * p / most)
        parts.append(
            f'<text x="{_LEFT}" y="{y - 8}" class="name">{escape(name)}</text>'
            f'<rect x="{_LEFT}" y="{y}" width="{wide:.1f}" height="20" rx="3" '
            f'class="{tone}"/>'
            f'<text x="{_LEFT + wide + 6:.1f}" y="{y + 15}" '
            f'class="value">{p:.3f}</text>'
        )
    return _svg(parts, "Brier scores of three methods")


def _x(p: float) -> float:
    return _LEFT + p * _SIDE


def _y(p: float) -> float:
    return _TOP + (1 - p) * _SIDE


def _frame(
    what: str,
    across: str = "stated",
    up: tuple[str, str, str] = ("0 %", "50 %", "100 %"),
    marks: tuple[str, str, str] = ("", "", ""),
) -> list[str]:
    middle, below = _x(0.5), _TOP + _SIDE + 30
    parts = [
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" '
        'class="frame"/>',
        f'<text x="{_WIDE / 2}" y="18" class="head">{escape(what)}</text>',
        f'<text x="{middle}" y="{below}" class="x">{escape(across)}</text>',
    ]
    for step, label, mark in zip((0.0, 0.5, 1.0), up, marks, strict=True):
        parts += [
            f'<line x1="{_x(0)}" y1="{_y(step)}" x2="{_x(1)}" y2="{_y(step)}" '
            'class="grid"/>',
            f'<text x="{_x(step)}" y="{_TOP + _SIDE + 15}" class="x">'
            f"{mark or label}</text>",
            f'<text x="{_LEFT - 6}" y="{_y(step) + 4}" class="y">{label}</text>',
        ]
    return parts


def _svg(parts: Sequence[str], label: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDE:.0f} {_HIGH:.0f}" role="img" class="plot" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )
