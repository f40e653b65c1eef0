"""Change between radar pictures: it notices acts that damaged a building enough.

Two chances multiply. That an act damages a building visibly to a radar is expert
judgement, not fitted. That a damaged building is then noticed depends on its size and
was measured on simulated truth (docs/change.md, ``benchmarks/sar.py size``): shares of
buildings that changed by 3 dB in either direction with a likelihood ratio of at least
10, twelve pictures before, four since, two orbits.
"""

from __future__ import annotations

from bisect import bisect_right

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

# Chance that one such act brings down walls or roof somewhere. Expert, not fitted.
_P_DAMAGES = {
    Act.ATTACK: 0.05,
    Act.FIRING: 0.0,
    Act.EXPLOSION: 0.1,
    Act.STRIKE: 0.5,
    Act.MISSILE: 0.7,
    Act.GLIDE_BOMB: 0.7,
    Act.DRONE_DROP: 0.02,
    Act.MINE: 0.02,
    Act.LONG_RANGE_ATTACK: 0.0,
}
# Recall of damaged buildings from these areas on, in square metres; measured.
_FROM_M2 = (100, 200, 400, 800, 1600)
_RECALL = (0.67, 0.75, 0.85, 0.89, 0.97)
_TYPICAL_M2 = 150  # a detached house
GROWS = 2 / 3  # with the charge: the ground it damages


def recall(area_m2_ratio: float) -> float:
    """The chance of noticing a damaged building; 0 below one pixel.

    Args:
        area_m2_ratio: its area over one square metre.
    """
    at = bisect_right(_FROM_M2, area_m2_ratio)
    return _RECALL[at - 1] if at else 0.0


def p_notice(act: Act) -> float:
    """The chance that the act damages a building and the change is noticed."""
    return of_act(_P_DAMAGES, act) * recall(_TYPICAL_M2)


def lasting_s(act: Act) -> float:
    """No trace beyond the look: it already reaches from picture to picture."""
    del act
    return 0.0
