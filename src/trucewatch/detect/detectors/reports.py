"""Media reports of an act at a named place, on a day."""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import MediaReport, Observation
from trucewatch.detect.detection import Channel, Detection, Evidence
from trucewatch.detect.select import in_order, shares, sources, watched
from trucewatch.detect.strength import log10_of
from trucewatch.place import where_prec

# Expert judgement, not fitted: three acts in ten that happen are printed with a
# place; false or wrongly placed reports are about a fifth as frequent as acts are
# expected to be (fuse/fusion.json), so that one report alone leaves even odds.
P_PRINTED = 0.3
LOG10_FALSE_PER_KM2_DAY = -4.7


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per report tagged with an act; untagged reports give none."""
    return in_order(
        _detection(one, acts, evidence)
        for one, report in watched(evidence, MediaReport)
        if (acts := tuple(a for a in report.acts if a is not Act.UNDETERMINED))
    )


def _detection(
    one: Observation, acts: tuple[Act, ...], evidence: Evidence
) -> Detection:
    return Detection(
        detector="reports",
        channel=Channel.MEDIA,
        acts=shares(acts),
        units=None,
        place=one.place,
        time=one.phenomenon_time,
        log10_likelihood_ratio=log10_of(one, P_PRINTED, LOG10_FALSE_PER_KM2_DAY),
        independence=one.independence,
        place_prec=where_prec(one.place),
        derived_from=sources(evidence, [one.id]),
    )
