"""The scorecard as one HTML page: what was asked of it, and how the odds held."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import comb

import jinja2

from trucewatch.exercise.plots import abstention, alerts, methods, reliability
from trucewatch.exercise.score import Scorecard

MOST_SHOWN = 12  # scorecards shown in full; all stand in the table
P_VERIFIED_FALSE = 0.01
P_SEVERE_TOLD = 0.90
P_WRONG_SIDE = 0.01
P_EXEMPT_RIGHT = 0.98
P_BOUND_HOLDS = 0.95
P_CHANCE = 0.05  # a bar missed is held against the method below this
MOST_BRIER, MOST_ECE = 0.10, 0.03


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing asked of the mechanism.

    Attributes:
        asked: the bar in words; ``found`` the figure, ``of`` what it is of.
        met: ``None`` where nothing could be measured, or so few that missing the bar
            may be chance; ``open`` says which.
    """

    title: str
    found: str
    of: str
    asked: str
    met: bool | None
    open: str = "not measured"


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
            "alerts": alerts(card),
            "first": [
                (row.channel or "all", row, lasting(row.median_s), lasting(row.p90_s))
                for row in card.alerts
            ],
            "recall": [
                (r, 100 * r.told / r.happened) for r in card.recall if r.happened
            ],
            "most": max((row.findings for row in card.grades), default=0) or 1,
        }
        for card in cards
    ]
    return _template().render(shown=shown[:MOST_SHOWN], rows=shown)


def lasting(length_s: float) -> str:
    """A length of time in words, as coarse as it is long."""
    if length_s < 90:
        return f"{length_s:.0f} s"
    if length_s < 90 * 60:
        return f"{length_s / 60:.0f} min"
    return f"{length_s / 3600:.1f} h"


def bars(card: Scorecard) -> tuple[Bar, ...]:
    """What is asked of every exercise, and what came of it in this one."""
    exempt, severe = card.exempted, card.severe
    shares = (
        ("False, yet one signature from Verified", "at most 1 %"),
        ("Grave breaches told, dark hours included", "at least 90 %"),
        ("Wrong side, where one is assessed", "at most 1 %"),
        ("Announced work or not, decided right", "at least 98 %"),
        ("Silence bounds that hold", "at least 95 %"),
    )
    counted = (
        ((card.awaiting_false, card.awaiting), (0.0, P_VERIFIED_FALSE)),
        ((severe.told, severe.happened), (P_SEVERE_TOLD, 1.0)),
        ((card.wrong_side, card.attributed), (0.0, P_WRONG_SIDE)),
        ((exempt.right, exempt.matched), (P_EXEMPT_RIGHT, 1.0)),
        ((card.bounds_held, card.bounds), (P_BOUND_HOLDS, 1.0)),
    )
    return (
        *_odds(card),
        *(_share(said, *found) for said, found in zip(shares, counted, strict=True)),
    )


def _odds(card: Scorecard) -> tuple[Bar, ...]:
    breach, held = card.breach, 100 * card.p_covered
    findings, some = f"{breach.statements} findings", bool(breach.statements)
    brier, ece = breach.brier_ratio, breach.ece_ratio
    return (
        Bar(
            "Brier score of “a breach”",
            f"{brier:.3f}",
            findings,
            "at most 0.10",
            brier <= MOST_BRIER if some else None,
        ),
        Bar(
            "Calibration error",
            f"{ece:.3f}",
            findings,
            "at most 0.03",
            ece <= MOST_ECE if some else None,
        ),
        Bar(
            "Truth in the 90 % ellipse",
            f"{held:.1f} %",
            f"{card.matched} incidents",
            "88 to 92 %",
            88 <= held <= 92 if card.matched else None,
        ),
    )


def _share(
    said: tuple[str, str], counted: tuple[int, int], within: tuple[float, float]
) -> Bar:
    (title, asked), (some, every) = said, counted
    if not every:
        return Bar(title, "–", "none to judge", asked, None)
    share = some / every
    met: bool | None = within[0] <= share <= within[1]
    if not met and _by_chance(some, every, within) > P_CHANCE:
        met = None
    found, of = f"{100 * share:.1f} %", f"{some} of {every}"
    return Bar(title, found, of, asked, met, "short, perhaps by chance")


def _by_chance(some: int, every: int, within: tuple[float, float]) -> float:
    """How often a method that just meets the bar misses it by as much, or more."""
    low, high = within
    bad, p = (every - some, 1 - low) if high == 1.0 else (some, high)
    terms = (comb(every, k) * p**k * (1 - p) ** (every - k) for k in range(bad))
    return 1.0 - sum(terms)


@cache
def _template() -> jinja2.Template:
    folder = files("trucewatch.exercise") / "templates"
    text = (folder / "scorecard.html.jinja").read_text("utf-8")
    loader = jinja2.DictLoader({"scorecard": text})
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined
    )
    return environment.get_template("scorecard")
