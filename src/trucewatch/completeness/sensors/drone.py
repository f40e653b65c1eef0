"""A drone's camera, looked at by a person: it shows what is in the frame, and no sound.

Expert judgement, not fitted; the model answers for frames somebody reviewed. Traces are
not counted: whether a crater or a fire is old cannot be told from one frame.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

_P_NOTICE = {
    Act.ATTACK: 0.5,
    Act.FIRING: 0.3,
    Act.SHOT: 0.05,
    Act.MUZZLE_FLASH: 0.4,
    Act.PROJECTILE_IN_FLIGHT: 0.05,
    Act.ILLUMINATION_FLARE: 0.8,
    Act.EXPLOSION: 0.9,
    Act.ASSAULT: 0.7,
    Act.MOVEMENT: 0.6,
    Act.CONSTRUCTION: 0.7,
    Act.OVERFLIGHT: 0.05,
    Act.DRONE_CROSSING: 0.02,
}
GROWS = 1 / 3  # with the charge: how far it shows


def p_notice(act: Act) -> float:
    """The chance that a reviewed frame shows an act in its footprint as it happens."""
    return of_act(_P_NOTICE, act)


def lasting_s(act: Act) -> float:
    """Nothing: what is over leaves the picture."""
    return 0.0
