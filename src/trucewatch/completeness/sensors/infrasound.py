"""An array of infrasound channels: it hears bangs from afar.

Expert judgement, not fitted: what the detector ``infrasound`` assumes of an explosion
within 30 km. Wind decides, and is not asked; so the chances are low on purpose. One
array tells a direction only; that it heard is all this model answers for.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

_P_NOTICE = {
    Act.ATTACK: 0.3,
    Act.FIRING: 0.2,
    Act.SHOT: 0.02,
    Act.EXPLOSION: 0.5,
    Act.DRONE_DROP: 0.1,
}
GROWS = 1 / 3  # with the charge: how loud it is


def p_notice(act: Act) -> float:
    """The chance that the array hears one act within its reach while it records."""
    return of_act(_P_NOTICE, act)


def lasting_s(act: Act) -> float:
    """Nothing: a wave passes once."""
    return 0.0
