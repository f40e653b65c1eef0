"""How likely it is that what some cells speak of happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import log, log10

from trucewatch.detect.detection import Channel, Detection
from trucewatch.detect.strength import days, spread_km2
from trucewatch.fuse.blend import blended, common, misfit
from trucewatch.fuse.cell import Cell, shared_kind, strength
from trucewatch.fuse.incident import Contribution
from trucewatch.fuse.law import is_timed, law_of
from trucewatch.fuse.moment import GATE_SIGMAS, Moment, settled
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.state import State
from trucewatch.period import Period
from trucewatch.place import Place, Whereabouts


@dataclass(frozen=True, slots=True)
class Weighed:
    """Cells taken as one incident: place, time, and the odds without misses.

    Attributes:
        origins: the cell that stands for each independence key, strongest first.
        contributions: what each key adds, in the same order.
        moment: place and instant as one normal law, where a channel ties them.
    """

    place: Whereabouts
    time: Period
    origins: tuple[Cell, ...]
    contributions: tuple[Contribution, ...]
    log10_prior_odds: float
    moment: Moment | None = None

    @property
    def window(self) -> Period:
        """Beyond it nothing is the same incident: a gate for search, not a law."""
        return self.moment.about(GATE_SIGMAS) if self.moment else self.time

    @property
    def log10_odds(self) -> float:
        """Prior and contributions together."""
        added = [one.log10_likelihood_ratio for one in self.contributions]
        return self.log10_prior_odds + sum(added)


def weigh(cells: Sequence[Cell], settings: FusionSettings) -> Weighed:
    """The cells as one incident.

    1. one cell per independence key stands for its key: the strongest
    2. place and time come from origins that are not parties; from one party's word
       where there is nothing else, so that no word can move or narrow an incident.
       Where a channel ties place and instant, the mode of all channels together is
       sought; else the product of ellipses and what the periods share is that mode
    3. each origin adds its ratio less its misfit to that place; the origins of one
       party together add at most the cap, and of parties that accuse each other only
       the stronger adds: they agree on nothing but that the other did it.
       Each further outlet adds less than the one before: no number of them alone makes
       an incident certain
    4. the prior is the birth density over what place and time leave open

    Source: MODEL 1.2, S = log Lambda + 1/2 log|2 pi C| + sum LLR, in decades.
    """
    origins = _one_per_key(cells)
    shaping = [one for one in origins if not one.is_claim] or origins[:1]
    moment = moment_of(shaping)
    place = moment.place if moment else _place(shaping)
    time = _lasting(shaping, moment) if moment else _time(shaping)
    copies = _copies(cells)
    words = _Words(settings.log10_party_cap)
    contributions = []
    heeded = 1.0  # of the next outlet
    for one in origins:
        ratio = words.ratio(one.best) if one.is_claim else _ratio(one, moment or place)
        if one.best.channel is Channel.MEDIA:
            ratio, heeded = ratio * heeded, heeded * (1 - settings.rumour_ratio)
        contributions.append(_contribution(one, ratio, copies))
    log10_km2_days = _volume(place, time, moment)
    prior = _prior(origins, contributions, log10_km2_days, settings)
    return Weighed(place, time, origins, tuple(contributions), prior, moment)


def moment_of(cells: Sequence[Cell]) -> Moment | None:
    """Place and instant of all cells together; ``None`` where nothing ties them.

    Source: MODEL 1.2, the mode of the joint likelihood and its curvature.
    """
    tied = [one for one in cells if is_timed(one)]
    if len(cells) == 1:
        return cells[0].moment
    if not tied or not all(isinstance(one.best.place, Place) for one in cells):
        return None
    sharpest = min(
        (one for one in tied if one.moment), key=_log10_km2_days, default=None
    )
    if sharpest is not None and sharpest.moment is not None:
        start = sharpest.moment.state
    else:
        place = _place(cells)
        if not isinstance(place, Place):
            return None
        middle_s = tied[0].best.time.begin.timestamp()
        start = State(place.lat_deg, place.lon_deg, middle_s)
    laws = [partial(law_of(one.best.detector).rows, one) for one in cells]
    return settled(laws, start)


def _log10_km2_days(cell: Cell) -> float:
    return cell.moment.log10_km2_days if cell.moment else 0.0


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


def _lasting(shaping: Sequence[Cell], moment: Moment) -> Period:
    """From the first round to the last, where a channel told several apart."""
    told = [one for one in shaping if one.rounds and one.rounds.high > 1]
    return told[0].best.time if told else moment.time


def _time(shaping: Sequence[Cell]) -> Period:
    """What all share; the strongest origin's where waves that never meet share none."""
    times = [one.best.time for one in shaping]
    begin, end = max(one.begin for one in times), min(one.end for one in times)
    return common(times) if begin < end else times[0]


def _ratio(one: Cell, place: Whereabouts | Moment) -> float:
    """The cell's ratio less its misfit; the prior's volume holds the rest."""
    found = one.best
    if isinstance(place, Moment):
        return law_of(found.detector).log10_ratio(one, place.state)
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
        admits=one.best.admits,
    )


def _volume(place: Whereabouts, time: Period, moment: Moment | None) -> float | None:
    """Log10 of the km2 and days left open; ``None`` where no place is known."""
    if moment is not None:
        return moment.log10_km2_days
    return log10(spread_km2(place) * days(time)) if isinstance(place, Place) else None


def _prior(
    origins: Sequence[Cell],
    contributions: Sequence[Contribution],
    log10_km2_days: float | None,
    settings: FusionSettings,
) -> float:
    witnessed = [
        added.log10_likelihood_ratio
        for one, added in zip(origins, contributions, strict=True)
        if not one.is_claim
    ]
    if log10_km2_days is None:
        return settings.log10_odds_unplaced
    births = settings.log10_births(shared_kind(origins))
    prior = min(0.0, births + log10_km2_days)
    if len(witnessed) == len(origins):
        return prior
    alone = _log10_alone(origins, settings)
    if not witnessed:
        return alone
    # Beside a party's word weak evidence must not count less than the word alone.
    return max(prior, alone - sum(witnessed))


def _log10_alone(origins: Sequence[Cell], settings: FusionSettings) -> float:
    """Prior odds of what parties alone say: of the one whose word held most often."""
    known = [
        settings.log10_odds_of_claim
        if one.best.log10_alone is None
        else one.best.log10_alone
        for one in origins
        if one.is_claim
    ]
    return max(known, default=settings.log10_odds_of_claim)
