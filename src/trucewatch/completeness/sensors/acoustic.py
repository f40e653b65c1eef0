"""A node of an acoustic network: it hears what is loud within the range it states.

Expert judgement, not fitted, for one node anywhere in its range; nodes nearer hear
more, and the engine counts its own misses by level and distance.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

_P_NOTICE = {
    Act.ATTACK: 0.2,
    Act.FIRING: 0.4,
    Act.SHOT: 0.05,
    Act.MUZZLE_FLASH: 0.0,
    Act.PROJECTILE_IN_FLIGHT: 0.0,
    Act.ILLUMINATION_FLARE: 0.05,
    Act.EXPLOSION: 0.5,
    Act.DRONE_IMPACT: 0.3,
    Act.DRONE_DROP: 0.2,
    Act.ASSAULT: 0.2,
}


def p_notice(act: Act) -> float:
    """The chance that the node picks the sound of one act within its range."""
    return of_act(_P_NOTICE, act)


def lasting_s(act: Act) -> float:
    """Half a minute: sound takes so long over the ranges nodes are given."""
    return 30.0
