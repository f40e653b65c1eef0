"""Damage as analysts see it in high-resolution pictures of two dates.

Expert judgement, not fitted: no recall for single acts has been published. Analysts
report most collapsed buildings and few broken windows; craters in fields are not always
drawn. The look reaches from the earlier picture to the later one.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

# Chance that one such act leaves damage that is drawn. Expert, not fitted.
_P_DRAWN = {
    Act.ATTACK: 0.05,
    Act.FIRING: 0.0,
    Act.EXPLOSION: 0.2,
    Act.STRIKE: 0.6,
    Act.MISSILE: 0.8,
    Act.GLIDE_BOMB: 0.8,
    Act.DRONE_DROP: 0.1,
    Act.MINE: 0.05,
    Act.LONG_RANGE_ATTACK: 0.0,
}
GROWS = 2 / 3  # with the charge: the ground it damages


def p_notice(act: Act) -> float:
    """The chance that the act leaves damage that an analyst draws."""
    return of_act(_P_DRAWN, act)


def lasting_s(act: Act) -> float:
    """No trace beyond the look: it already reaches from picture to picture."""
    del act
    return 0.0
