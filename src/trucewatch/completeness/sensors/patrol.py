"""A patrol: people who see and hear what happens about them while they are there.

Expert judgement, not fitted. It will be replaced by what exercises with known truth
measure; until then the numbers are low on purpose, so that silence says too little
rather than too much.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

_P_NOTICE = {
    Act.ATTACK: 0.5,
    Act.FIRING: 0.5,
    Act.SHOT: 0.4,
    Act.MUZZLE_FLASH: 0.2,
    Act.PROJECTILE_IN_FLIGHT: 0.2,
    Act.EXPLOSION: 0.8,
    Act.ASSAULT: 0.7,
    Act.MOVEMENT: 0.3,
    Act.CONSTRUCTION: 0.5,
    Act.OVERFLIGHT: 0.5,
    Act.DRONE_CROSSING: 0.2,
    Act.ACCESS_DENIAL: 0.95,
    Act.MONITOR_FIRED_UPON: 0.95,
}


def p_notice(act: Act) -> float:
    """The chance that the patrol notices the act in its footprint while it is there."""
    return of_act(_P_NOTICE, act)


def lasting_s(act: Act) -> float:
    """Nothing: sound and flash are over when the act is."""
    return 0.0
