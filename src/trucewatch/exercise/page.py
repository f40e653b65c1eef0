"""The scorecard as one HTML page with plots."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files

import jinja2

from trucewatch.exercise.calibration import Calibration
from trucewatch.exercise.score import Scorecard

_SIDE, _EDGE = 220.0, 34.0


def page(cards: tuple[Scorecard, ...]) -> str:
    """One page for the scorecards given, in their order."""
    shown = [
        {
            "card": card,
            "existence": plot(card.existence, "that it happened"),
            "breach": plot(card.breach, "that it is a breach"),
            "bars": [(r, 100 * r.told / r.happened) for r in card.recall if r.happened],
        }
        for card in cards
    ]
    return _template().render(shown=shown)


@cache
def _template() -> jinja2.Template:
    folder = files("trucewatch.exercise") / "templates"
    text = (folder / "scorecard.html.jinja").read_text("utf-8")
    loader = jinja2.DictLoader({"scorecard": text})
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("scorecard")


def plot(found: Calibration, what: str) -> str:
    """A reliability diagram as SVG: stated probability across, share that came up.

    The area of a dot goes with the number of statements.
    """
    whole, inner = _SIDE + 2 * _EDGE, _SIDE
    most = max((one.statements for one in found.bins), default=1)
    parts = [
        f'<svg viewBox="0 0 {whole:.0f} {whole:.0f}" role="img" class="plot" '
        f'aria-label="{escape(what)}: stated probability and share that came true">',
        f'<rect x="{_EDGE}" y="{_EDGE}" width="{inner}" height="{inner}" '
        'class="frame"/>',
        f'<line x1="{_EDGE}" y1="{_EDGE + inner}" x2="{_EDGE + inner}" y2="{_EDGE}" '
        'class="ideal"/>',
    ]
    for step in (0.0, 0.5, 1.0):
        at, label = _EDGE + step * inner, f"{100 * step:.0f} %"
        parts.append(f'<text x="{at}" y="{whole - 14}" class="x">{label}</text>')
        parts.append(
            f'<text x="{_EDGE - 4}" y="{whole - at + 4}" class="y">{label}</text>'
        )
    for one in found.bins:
        x = _EDGE + one.p_stated * inner
        y = _EDGE + (1 - one.p_came_true) * inner
        r = 3 + 9 * (one.statements / most) ** 0.5
        told = f"stated {one.p_stated:.2f}, came true {one.p_came_true:.2f}"
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" class="dot">'
            f"<title>{told}; {one.statements} statements</title></circle>"
        )
    parts.append(f'<text x="{whole / 2}" y="18" class="head">{escape(what)}</text>')
    return "".join([*parts, "</svg>"])
