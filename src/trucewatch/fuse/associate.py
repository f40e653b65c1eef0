"""Detections become incidents.

1. copies are collapsed: same origin, place, time and kind of act
2. channels that find hypotheses by themselves add theirs: networks of acoustic nodes
3. cells with a place are joined by the model; those without, by their words
4. what can speak of many incidents is shared among those that explain it
5. each group becomes an incident: place, time, act, units, odds
6. looks that should have seen it and did not take from the odds
7. context is listed with incidents of the same words for the place; it moves nothing
8. what instruments alone suggest and the background explains is not stated: nobody
   said that it happened. Its detections stay logged
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trucewatch.collect.observation import Acquisition
from trucewatch.detect.detection import Channel, Detection
from trucewatch.fuse.agglomerate import Agglomerated, agglomerate
from trucewatch.fuse.cell import collapse
from trucewatch.fuse.context import Context
from trucewatch.fuse.group import joined_anyway
from trucewatch.fuse.incident import Incident
from trucewatch.fuse.law import Heard, proposers
from trucewatch.fuse.looks import Looks
from trucewatch.fuse.near import NearMiss, near_miss, near_pairs
from trucewatch.fuse.rulings import NONE, Rulings
from trucewatch.fuse.settings import FusionSettings
from trucewatch.fuse.shared import shared, with_shares
from trucewatch.fuse.tell import incident_of
from trucewatch.fuse.unplaced import unplaced
from trucewatch.fuse.weigh import p_of


@dataclass(frozen=True, slots=True)
class Associated:
    """Incidents, and pairs of them that are nearly one."""

    incidents: tuple[Incident, ...]
    near: tuple[NearMiss, ...]


def associate(
    detections: Sequence[Detection],
    acquisitions: Sequence[Acquisition],
    settings: FusionSettings,
    heard: Heard | None = None,
) -> tuple[Incident, ...]:
    """Incidents worth stating, sorted by time and id; nobody ruled on any."""
    return associated(detections, acquisitions, settings, heard).incidents


def associated(
    detections: Sequence[Detection],
    acquisitions: Sequence[Acquisition],
    settings: FusionSettings,
    heard: Heard | None = None,
    rulings: Rulings = NONE,
) -> Associated:
    """Incidents worth stating and pairs that are nearly one, sorted by time and id.

    Every detection but context joins exactly one, save those of instruments alone
    whose incident would stay below ``p_worth_stating``: what an outlet, an observer or
    a party said is always answered, a pixel that a field fire explains is not. What
    can speak of many may be listed with others too. ``heard`` is what channels look
    at that no detector does.

    The order of input never matters. Copies change nothing but the list of what a
    contribution rests on.
    """
    context = Context([d for d in detections if d.channel is Channel.CONTEXT])
    looks = Looks(acquisitions, settings)
    found = _groups(detections, settings, heard, rulings)
    groups = found.groups
    given = shared(groups, settings)
    incidents = [
        incident_of(
            with_shares(group, given.get(number, ())),
            looks.log10_miss(group),
            context.near(group),
            settings,
        )
        for number, group in enumerate(groups)
    ]
    stated = [one for one in incidents if _is_worth_stating(one, settings)]
    return Associated(
        incidents=tuple(sorted(stated, key=lambda one: (one.time.begin, one.id))),
        near=_near(found, incidents, looks, settings),
    )


def _near(
    found: Agglomerated,
    incidents: Sequence[Incident],
    looks: Looks,
    settings: FusionSettings,
) -> tuple[NearMiss, ...]:
    """Pairs of stated incidents that are nearly one, the likeliest first."""
    made = []
    for p_same, n, m in near_pairs(found.groups, found.near, settings):
        if all(_is_worth_stating(incidents[k], settings) for k in (n, m)):
            both = joined_anyway((found.groups[n], found.groups[m]), settings)
            p = p_of(both.weighed.log10_odds + looks.log10_miss(both))
            made.append(near_miss(p_same, incidents[n], incidents[m], p))
    return tuple(sorted(made, key=lambda one: (-one.p_same, one.id)))


def _is_worth_stating(incident: Incident, settings: FusionSettings) -> bool:
    said = any(one.channel is not Channel.INSTRUMENT for one in incident.contributions)
    return said or incident.p_exists >= settings.p_worth_stating


def _groups(
    detections: Sequence[Detection],
    settings: FusionSettings,
    heard: Heard | None,
    rulings: Rulings,
) -> Agglomerated:
    evidence = [d for d in detections if d.channel is not Channel.CONTEXT]
    cells = collapse(evidence)
    found = [one.propose(heard, settings) for one in proposers()] if heard else []
    hypotheses = [one for each in found for one in each]
    placed = [*(one for one in cells if one.is_placed), *hypotheses]
    rest = [one for one in cells if not one.is_placed]
    joined = agglomerate(placed, settings, rulings)
    every = (*joined.groups, *unplaced(rest, settings))
    return Agglomerated(every, joined.near)
