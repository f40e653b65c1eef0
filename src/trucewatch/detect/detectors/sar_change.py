"""Places that look otherwise than before: change of pictures, damage others assessed.

A measured change brings its own likelihood ratio, against placebo dates of the same
district; an analyst's grade has one of our judgement. Neither says what did it: houses
are pulled down and built on as well, which bounds what any of them can weigh.
"""

from __future__ import annotations

from collections.abc import Iterator

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Damage, DamageGrade
from trucewatch.completeness.response import family_of
from trucewatch.detect.detection import Channel, Detection, Evidence
from trucewatch.detect.select import in_order, shares, sources, watched
from trucewatch.place import where_prec

# Expert judgement, not fitted. Analysts of high resolution pictures against damage of
# another cause, or none.
LOG10_OF_GRADE = {
    DamageGrade.DESTROYED: 1.5,
    DamageGrade.SEVERE: 1.3,
    DamageGrade.MODERATE: 1.0,
    DamageGrade.POSSIBLE: 0.3,
    DamageGrade.UNGRADED: 1.0,
}
# One building in a hundred is thought to change by itself between two looks.
LOG10_MOST = 2.0
# Fields are harvested, burnt and ploughed: of what changes to the eye of a satellite
# that sees vegetation, one in ten is thought to at any time.
LOG10_MOST_OF = {"optical": 1.0}


def detect(evidence: Evidence) -> tuple[Detection, ...]:
    """One detection per place that speaks for a change; the others say nothing."""
    return in_order(_found(evidence))


def _found(evidence: Evidence) -> Iterator[Detection]:
    for one, damage in watched(evidence, Damage):
        told = damage.log10_likelihood_ratio
        log10 = LOG10_OF_GRADE[damage.grade] if told is None else told
        if log10 <= 0:
            continue
        most = LOG10_MOST_OF.get(family_of(one.procedure), LOG10_MOST)
        yield Detection(
            detector="sar_change",
            channel=Channel.INSTRUMENT,
            acts=shares([Act.EXPLOSION]),
            units=None,
            place=one.place,
            time=one.phenomenon_time,
            log10_likelihood_ratio=min(log10, most),
            independence=one.independence,
            place_prec=where_prec(one.place),
            derived_from=sources(evidence, [one.id]),
        )
