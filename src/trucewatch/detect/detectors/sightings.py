"""Acts witnessed by an observer, a patrol or a camera."""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Flow, Means, Observation, Sighting
from trucewatch.detect.detection import Channel, Detection, Evidence
from trucewatch.detect.select import in_order, shares, sources, watched
from trucewatch.detect.strength import log10_of
from trucewatch.place import where_prec

# Expert judgement, not fitted: false or wrongly placed sightings per km2 and day, by
# how the observer came to know; what was recorded can be looked at again.
P_WITNESSED = 0.9
LOG10_FALSE_PER_KM2_DAY = {
    Means.RECORDED: -7.0,
    Means.SAW: -7.0,
    Means.HEARD: -6.0,
    Means.TOLD: -5.0,
    Means.NOT_KNOWN: -5.0,
}


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per sighting; its channel is the observer's."""
    return in_order(
        _detection(one, sighting, evidence)
        for one, sighting in watched(evidence, Sighting)
    )


def _detection(one: Observation, sighting: Sighting, evidence: Evidence) -> Detection:
    false = LOG10_FALSE_PER_KM2_DAY[sighting.means]
    return Detection(
        detector="sightings",
        channel=Channel.OBSERVER,
        acts=shares([_act(sighting)]),
        units=sighting.units,
        place=one.place,
        time=one.phenomenon_time,
        log10_likelihood_ratio=log10_of(one, P_WITNESSED, false),
        independence=one.independence,
        place_prec=where_prec(one.place),
        derived_from=sources(evidence, [one.id]),
    )


def _act(sighting: Sighting) -> Act:
    """The act as named; direction decides between fire and impact where it is not."""
    if sighting.act is not Act.UNDETERMINED:
        return sighting.act
    if sighting.flow is Flow.OUTGOING:
        return Act.FIRING
    if sighting.flow in (Flow.IMPACT, Flow.AIRBURST):
        return Act.EXPLOSION
    return Act.UNDETERMINED
