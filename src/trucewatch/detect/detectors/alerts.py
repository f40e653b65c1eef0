"""Air-raid alerts: context over an area, never evidence of a point."""

from __future__ import annotations

from trucewatch.collect.observation import Alert, Observation
from trucewatch.detect.detection import Channel, Detection, Evidence
from trucewatch.detect.select import in_order, shares, sources, watched
from trucewatch.place import where_prec

LONGEST_S = (
    86_400.0  # an alert open for longer was merged by its maker: it says nothing
)


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One context detection per alert of at most a day, with no weight at all."""
    return in_order(
        _detection(one, evidence)
        for one, _ in watched(evidence, Alert)
        if one.phenomenon_time.duration_s <= LONGEST_S
    )


def _detection(one: Observation, evidence: Evidence) -> Detection:
    return Detection(
        detector="alerts",
        channel=Channel.CONTEXT,
        acts=shares(()),
        units=None,
        place=one.place,
        time=one.phenomenon_time,
        log10_likelihood_ratio=0.0,
        independence=one.independence,
        place_prec=where_prec(one.place),
        derived_from=sources(evidence, [one.id]),
    )
