"""Give detections the key of their origin, and copies no more than their origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from trucewatch.detect.detection import Detection
from trucewatch.fuse.lineage.lineage import OWN, Lineage
from trucewatch.record import RecordId

PARTY = "party:"


def credited(
    detections: Sequence[Detection], found: Sequence[Lineage], copied_ratio: float
) -> tuple[Detection, ...]:
    """The detections with the keys and ratios their lineages leave them, sorted.

    A certain lineage gives one key to all; the word of a party keeps its own. What
    repeats our own bulletin adds nothing. Of a doubtful lineage the origin with the
    strongest detection keeps its ratio, the n-th of the others, strongest first, keeps
    ``(1 - copied_ratio) ** n`` of it, so that the sum is bounded however many there
    are. Each changed detection cites its lineages.

    Source: MODEL 6.2, bound for unknown dependence.
    """
    certain = {m: one for one in found if not one.doubtful for m in one.members}
    keyed = [(one, _keyed(one, certain)) for one in detections]
    doubts = {m: one for one in found if one.doubtful for m in one.members}
    groups: dict[RecordId, list[Detection]] = {}
    for before, after in keyed:
        if lineage := _of(before, doubts):
            groups.setdefault(lineage.id, []).append(after)
    ranks = {name: _ranks(group) for name, group in groups.items()}
    made = []
    for before, after in keyed:
        lineage = _of(before, doubts)
        weighed = after
        rank = ranks[lineage.id][after.independence] if lineage else 0
        if rank:
            kept = after.log10_likelihood_ratio * (1 - copied_ratio) ** rank
            weighed = replace(after, log10_likelihood_ratio=kept)
        cited = (lineage.id,) if lineage else ()
        made.append(_citing(weighed, cited))
    return tuple(sorted(made, key=lambda one: (one.time.begin, one.id)))


def _keyed(one: Detection, certain: Mapping[RecordId, Lineage]) -> Detection:
    lineage = _of(one, certain)
    if lineage is None or one.independence.startswith(PARTY):
        return one
    own = lineage.origin.startswith(OWN)
    ratio = 0.0 if own else one.log10_likelihood_ratio
    rekeyed = replace(one, independence=lineage.origin, log10_likelihood_ratio=ratio)
    return _citing(rekeyed, (lineage.id,))


def _citing(one: Detection, more: tuple[RecordId, ...]) -> Detection:
    fresh = tuple(name for name in more if name not in one.derived_from)
    return replace(one, derived_from=(*one.derived_from, *fresh)) if fresh else one


def _of(one: Detection, lineages: Mapping[RecordId, Lineage]) -> Lineage | None:
    return next((lineages[n] for n in one.derived_from if n in lineages), None)


def _ranks(group: Sequence[Detection]) -> dict[str, int]:
    """Each origin's place among those of a doubtful lineage, the strongest first."""
    keys = [one.independence for one in sorted(group, key=_strongest)]
    return {key: rank for rank, key in enumerate(dict.fromkeys(keys))}


def _strongest(one: Detection) -> tuple[object, ...]:
    return -one.log10_likelihood_ratio, one.time.begin, one.independence, one.id
