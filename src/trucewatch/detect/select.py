"""What every detector does the same way: pick observations, cite them, sort."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from trucewatch.agreement.taxonomy import BROADER, Act
from trucewatch.collect.observation import Observation, Result
from trucewatch.detect.detection import ActShare, Detection, Evidence
from trucewatch.record import RecordId

R = TypeVar("R", bound=Result)


def watched(evidence: Evidence, kind: type[R]) -> Iterator[tuple[Observation, R]]:
    """Observations with such a result that touch the watched period, each once."""
    chosen = {
        one.id: (one, one.result)
        for one in evidence.observations
        if isinstance(one.result, kind)
        and one.phenomenon_time.overlaps(evidence.watched)
    }
    for name in sorted(chosen):
        yield chosen[name]


def sources(evidence: Evidence, ids: Iterable[RecordId]) -> tuple[RecordId, ...]:
    """What a detection derives from: its rows and the settings."""
    settings = (evidence.settings_id,) if evidence.settings_id else ()
    return (*sorted(set(ids)), *settings)


def in_order(found: Iterable[Detection]) -> tuple[Detection, ...]:
    """Each detection once, sorted by time and id."""
    once = {one.id: one for one in found}
    return tuple(sorted(once.values(), key=lambda one: (one.time.begin, one.id)))


def shares(acts: Iterable[Act]) -> tuple[ActShare, ...]:
    """Equal probability for every act named; undetermined where none is."""
    named = sorted(set(acts)) or [Act.UNDETERMINED]
    return tuple(ActShare(act, 1 / len(named)) for act in named)


def likeliest(acts: Iterable[ActShare]) -> Act:
    """The most probable act; between equals the first by name."""
    return min(acts, key=lambda share: (-share.p, share.act)).act


def class_of(act: Act) -> Act:
    """The broadest act it is a case of, such as ``attack`` or ``movement``."""
    while act in BROADER:
        act = BROADER[act]
    return act


def weighted(weights: dict[Act, float]) -> tuple[ActShare, ...]:
    """Probability in proportion to positive weights, most probable first."""
    total = sum(weights[act] for act in sorted(weights))
    if total <= 0:
        return shares(weights)
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ActShare(act, weight / total) for act, weight in ranked if weight > 0)
