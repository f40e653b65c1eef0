"""Media reports of an act at a named place, on a day or in the hours before."""

from __future__ import annotations

from collections.abc import Iterator

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import MediaReport, Observation, Statement
from trucewatch.detect.detection import Channel, Detection, Evidence
from trucewatch.detect.select import in_order, shares, sources, watched
from trucewatch.detect.strength import log10_at
from trucewatch.detect.told import Telling, is_of_party, tellings
from trucewatch.period import Period
from trucewatch.place import Whereabouts, where_prec

# Expert judgement, not fitted: three acts in ten that happen are printed with a
# place; false or wrongly placed reports are about a fifth as frequent as acts are
# expected to be (fuse/fusion.json), so that one report alone leaves even odds.
P_PRINTED = 0.3
LOG10_FALSE_PER_KM2_DAY = -4.7


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per report tagged with an act, or act and place told in prose.

    Untagged reports give none. Of prose those words count here that are no party's:
    the outlet's own, and those of people it passes on.
    """
    return in_order((*_tagged(evidence), *_in_prose(evidence)))


def _tagged(evidence: Evidence) -> Iterator[Detection]:
    for one, report in watched(evidence, MediaReport):
        acts = [act for act in report.acts if act is not Act.UNDETERMINED]
        if acts:
            yield Detection(
                detector="reports",
                channel=Channel.MEDIA,
                acts=shares(acts),
                units=None,
                place=one.place,
                time=one.phenomenon_time,
                log10_likelihood_ratio=_log10(one, one.place, one.phenomenon_time),
                independence=one.independence,
                place_prec=where_prec(one.place),
                derived_from=sources(evidence, [one.id]),
            )


def _in_prose(evidence: Evidence) -> Iterator[Detection]:
    for one, said in watched(evidence, Statement):
        for told in () if is_of_party(one) else tellings(one, said):
            yield _told(one, told, evidence)


def _told(one: Observation, told: Telling, evidence: Evidence) -> Detection:
    return Detection(
        detector="reports",
        channel=Channel.MEDIA,
        acts=told.acts,
        units=told.units,
        place=told.place,
        time=told.time,
        log10_likelihood_ratio=_log10(one, told.place, told.time),
        independence=one.independence,
        place_prec=where_prec(told.place),
        derived_from=sources(evidence, [one.id]),
    )


def _log10(one: Observation, place: Whereabouts, time: Period) -> float:
    rate = (P_PRINTED, LOG10_FALSE_PER_KM2_DAY)
    return log10_at(place, time, one.reliability, *rate)
