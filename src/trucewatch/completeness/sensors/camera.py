"""A fixed camera: it records light and movement in its field of view, and no sound.

Expert judgement, not fitted; darkness and weather belong to the look's own clearness.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

_P_NOTICE = {
    Act.ATTACK: 0.4,
    Act.FIRING: 0.3,
    Act.SHOT: 0.1,
    Act.MUZZLE_FLASH: 0.5,
    Act.PROJECTILE_IN_FLIGHT: 0.5,
    Act.ILLUMINATION_FLARE: 0.9,
    Act.EXPLOSION: 0.85,
    Act.ASSAULT: 0.7,
    Act.MOVEMENT: 0.4,
    Act.CONSTRUCTION: 0.6,
    Act.DRONE_CROSSING: 0.1,
}
GROWS = 1 / 3  # with the charge: how far it shows


def p_notice(act: Act) -> float:
    """The chance that the camera shows the act in its footprint while it records."""
    return of_act(_P_NOTICE, act)


def lasting_s(act: Act) -> float:
    """Nothing: what is over leaves the picture."""
    return 0.0
