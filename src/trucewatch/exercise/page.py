"""The scorecard as one HTML page: what was asked of it, and how the odds held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import jinja2

from trucewatch.exercise.plots import abstention, methods, reliability
from trucewatch.exercise.score import Scorecard

MOST_SHOWN = 12  # scorecards shown in full; all stand in the table
P_VERIFIED_FALSE = 0.01
P_TOLD_COVERED = 0.90
P_WRONG_SIDE = 0.01
P_EXEMPT_RIGHT = 0.98


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing asked of the mechanism.

    Attributes:
        asked: the bar in words; ``found`` the figure, ``of`` what it is of.
        met: ``None`` where nothing could be measured.
    """

    title: str
    found: str
    of: str
    asked: str
    met: bool | None


def page(cards: tuple[Scorecard, ...]) -> str:
    """One page for the scorecards given, the first of them at the head."""
    shown = [
        {
            "card": card,
            "bars": bars(card),
            "breach": reliability(card.breach, "A breach: stated and true"),
            "existence": reliability(card.existence, "Something happened"),
            "methods": methods(card),
            "abstention": abstention(card.abstention),
            "recall": [
                (r, 100 * r.told / r.happened) for r in card.recall if r.happened
            ],
            "most": max((row.findings for row in card.grades), default=0) or 1,
        }
        for card in cards
    ]
    return _template().render(shown=shown[:MOST_SHOWN], rows=shown)


def bars(card: Scorecard) -> tuple[Bar, ...]:
    """What is asked of every exercise, and what came of it in this one."""
    breach, held, exempt = card.breach, 100 * card.p_covered, card.exempted
    findings = f"{breach.statements} findings"
    return (
        Bar(
            "Brier score of “a breach”",
            f"{breach.brier_ratio:.3f}",
            findings,
            "at most 0.10",
            breach.brier_ratio <= 0.10 if breach.statements else None,
        ),
        Bar(
            "Calibration error",
            f"{breach.ece_ratio:.3f}",
            findings,
            "at most 0.03",
            breach.ece_ratio <= 0.03 if breach.statements else None,
        ),
        Bar(
            "Truth in the 90 % ellipse",
            f"{held:.1f} %",
            f"{card.matched} incidents",
            "88 to 92 %",
            88 <= held <= 92 if card.matched else None,
        ),
        _share(
            "False, yet one signature from Verified",
            (card.awaiting_false, card.awaiting),
            "at most 1 %",
            most=P_VERIFIED_FALSE,
        ),
        _share(
            "Grave breaches told (110 dB at 1 km)",
            (card.severe.told, card.severe.happened),
            "at least 90 %",
            least=P_TOLD_COVERED,
        ),
        _share(
            "Wrong side, where one is assessed",
            (card.wrong_side, card.attributed),
            "at most 1 %",
            most=P_WRONG_SIDE,
        ),
        _share(
            "Announced work or not, decided right",
            (exempt.right, exempt.matched),
            "at least 98 %",
            least=P_EXEMPT_RIGHT,
        ),
        _share(
            "Silence bounds that hold",
            (card.bounds_held, card.bounds),
            "at least 95 %",
            least=0.95,
        ),
    )


def _share(
    title: str,
    counted: tuple[int, int],
    asked: str,
    *,
    least: float = 0.0,
    most: float = 1.0,
) -> Bar:
    some, every = counted
    if not every:
        return Bar(title, "–", "none to judge", asked, None)
    share = some / every
    return Bar(
        title,
        f"{100 * share:.1f} %",
        f"{some} of {every}",
        asked,
        least <= share <= most,
    )


def is_met(rows: Sequence[Bar]) -> bool:
    """Whether nothing that could be measured fell short."""
    return all(one.met is not False for one in rows)


@cache
def _template() -> jinja2.Template:
    folder = files("trucewatch.exercise") / "templates"
    text = (folder / "scorecard.html.jinja").read_text("utf-8")
    loader = jinja2.DictLoader({"scorecard": text})
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("scorecard")
