"""How likely it is that what some cells speak of happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, log10

from trucewatch.detect.detection import Detection
from trucewatch.detect.strength import days, spread_km2
from trucewatch.fuse.blend import blended, common, misfit
from trucewatch.fuse.cell import Cell, shared_kind, strength
from trucewatch.fuse.incident import Contribution
from trucewatch.fuse.settings import FusionSettings
from trucewatch.period import Period
from trucewatch.place import Place, Whereabouts


@dataclass(frozen=True, slots=True)
class Weighed:
    """Cells taken as one incident: place, time, and the odds without misses.

    Attributes:
        origins: the cell that stands for each independence key, strongest first.
        contributions: what each key adds, in the same order.
    """

    place: Whereabouts
    time: Period
    origins: tuple[Cell, ...]
    contributions: tuple[Contribution, ...]
    log10_prior_odds: float

    @property
    def log10_odds(self) -> float:
        """Prior and contributions together."""
        added = [one.log10_likelihood_ratio for one in self.contributions]
        return self.log10_prior_odds + sum(added)


def weigh(cells: Sequence[Cell], settings: FusionSettings) -> Weighed:
    """The cells as one incident.

    1. one cell per independence key stands for its key: the strongest
    2. place and time come from origins that are not parties; from one party's word
       where there is nothing else, so that no word can move or narrow an incident
    3. each origin adds its ratio less its misfit to that place; the origins of one
       party together add at most the cap, and of parties that accuse each other only
       the stronger adds: they agree on nothing but that the other did it
    4. the prior is the birth density over what place and time leave open

    Source: MODEL 1.2, S = log Lambda + 1/2 log|2 pi C| + sum LLR, in decades.
    """
    origins = _one_per_key(cells)
    shaping = [one for one in origins if not one.is_claim] or origins[:1]
    place = _place(shaping)
    time = common([one.best.time for one in shaping])
    copies = _copies(cells)
    words = _Words(settings.log10_party_cap)
    contributions = []
    for one in origins:
        ratio = words.ratio(one.best) if one.is_claim else _ratio(one, place)
        contributions.append(_contribution(one, ratio, copies))
    prior = _prior(origins, contributions, (place, time), settings)
    return Weighed(place, time, origins, tuple(contributions), prior)


class _Words:
    """What the words of parties may still add, asked for the strongest first."""

    def __init__(self, log10_cap: float) -> None:
        self._cap = log10_cap
        self._spent: dict[str, float] = {}
        self._heard: set[tuple[str, str]] = set()

    def ratio(self, word: Detection) -> float:
        """What one more word adds; nothing where its speaker is accused already."""
        party, against = word.claimed_by, word.against
        if against and (against, party) in self._heard:
            return 0.0
        self._heard.add((party, against))
        spent = self._spent.get(party, 0.0)
        ratio = max(0.0, min(word.log10_likelihood_ratio, self._cap - spent))
        self._spent[party] = spent + ratio
        return ratio


def p_of(log10_odds: float) -> float:
    """Probability of log10 odds."""
    return 1 / (1 + 10 ** -max(-300.0, min(300.0, log10_odds)))


def _one_per_key(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    chosen: dict[str, Cell] = {}
    for one in sorted(cells, key=strength):
        chosen.setdefault(one.best.independence, one)
    return tuple(chosen.values())


def _place(shaping: Sequence[Cell]) -> Whereabouts:
    places = [one.best.place for one in shaping]
    placed = [place for place in places if isinstance(place, Place)]
    return blended(placed) if len(placed) == len(places) else places[0]


def _ratio(one: Cell, place: Whereabouts) -> float:
    """The cell's ratio less its misfit; the prior's volume holds the rest."""
    found = one.best
    if isinstance(place, Place) and isinstance(found.place, Place):
        return found.log10_likelihood_ratio - misfit(place, found.place) / log(10)
    return found.log10_likelihood_ratio


def _copies(cells: Sequence[Cell]) -> dict[str, list[Cell]]:
    by_key: dict[str, list[Cell]] = {}
    for one in cells:
        by_key.setdefault(one.best.independence, []).append(one)
    return by_key


def _contribution(
    one: Cell, ratio: float, copies: dict[str, list[Cell]]
) -> Contribution:
    key = one.best.independence
    return Contribution(
        independence=key,
        channel=one.best.channel,
        log10_likelihood_ratio=ratio,
        detections=tuple(sorted(name for c in copies[key] for name in c.copies)),
        claimed_by=one.best.claimed_by,
        against=one.best.against,
    )


def _prior(
    origins: Sequence[Cell],
    contributions: Sequence[Contribution],
    where: tuple[Whereabouts, Period],
    settings: FusionSettings,
) -> float:
    place, time = where
    witnessed = [
        added.log10_likelihood_ratio
        for one, added in zip(origins, contributions, strict=True)
        if not one.is_claim
    ]
    if not isinstance(place, Place):
        return settings.log10_odds_unplaced
    births = settings.log10_births(shared_kind(origins))
    prior = min(0.0, births + log10(spread_km2(place) * days(time)))
    if len(witnessed) == len(origins):
        return prior
    if not witnessed:
        return settings.log10_odds_of_claim
    # Beside a party's word weak evidence must not count less than the word alone.
    return max(prior, settings.log10_odds_of_claim - sum(witnessed))
