"""A seismic station: it feels what shakes the ground strongly enough near it.

Expert judgement, not fitted: what the detector ``seismic`` assumes of large explosions
within 30 km, and little of all that is smaller. Most shells are not felt at all.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

GROWS = 1 / 3  # with the charge: how far the ground shakes

_P_NOTICE = {
    Act.ATTACK: 0.05,
    Act.FIRING: 0.01,
    Act.SHOT: 0.0,
    Act.EXPLOSION: 0.1,
    Act.STRIKE: 0.2,
    Act.MISSILE: 0.4,
    Act.GLIDE_BOMB: 0.4,
    Act.DRONE_DROP: 0.0,
}


def p_notice(act: Act) -> float:
    """The chance that the station feels one act within its reach while it records."""
    return of_act(_P_NOTICE, act)


def lasting_s(act: Act) -> float:
    """A minute and a half: sound takes so long over 30 km."""
    return 90.0
