"""Change between optical pictures: it notices what burns or bares ground for long.

Expert judgement, not fitted: that an act leaves a scar of some pixels of 10 or 20 m.
That a scar of 0.3 of a burn index is then noticed was measured on simulated truth
(docs/change.md, ``benchmarks/optical.py``); cloud is in the look's own clearness.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

# Chance that one such act burns or bares some pixels. Expert, not fitted.
_P_SCAR = {
    Act.ATTACK: 0.03,
    Act.FIRING: 0.0,
    Act.EXPLOSION: 0.05,
    Act.STRIKE: 0.15,
    Act.MISSILE: 0.25,
    Act.GLIDE_BOMB: 0.25,
    Act.DRONE_DROP: 0.02,
    Act.MINE: 0.01,
    Act.LONG_RANGE_ATTACK: 0.0,
}
_RECALL = 0.86  # of scars of 2.6 ha at a likelihood ratio of 3; measured
GROWS = 2 / 3  # with the charge: the ground it scars


def p_notice(act: Act) -> float:
    """The chance that the act leaves a scar and the change is noticed."""
    return of_act(_P_SCAR, act) * _RECALL


def lasting_s(act: Act) -> float:
    """No trace beyond the look: it already reaches from picture to picture."""
    del act
    return 0.0
