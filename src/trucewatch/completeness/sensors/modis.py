"""A thermal pass at 1 km: as at 375 m, but a fire must be larger to be noticed.

Expert judgement, not fitted: the smallest fire a 1 km pixel shows is about ten times
as large as at 375 m (Schroeder et al. 2014), and most strikes burn small. The chance of
each act is a third of what a 375 m pass has.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

# Chance that one such act starts a fire a 1 km pixel shows. Expert, not fitted.
_P_FIRE = {
    Act.ATTACK: 0.007,
    Act.FIRING: 0.003,
    Act.EXPLOSION: 0.015,
    Act.STRIKE: 0.05,
    Act.MISSILE: 0.08,
    Act.DRONE_DROP: 0.01,
    Act.MINE: 0.007,
    Act.ASSAULT: 0.015,
}
_BURN_S = 3_600.0  # one hour; expert, not fitted
GROWS = 2 / 3  # with the charge: the ground it burns


def p_notice(act: Act) -> float:
    """The chance that the act sets a fire which a clear pass shows while it burns."""
    return of_act(_P_FIRE, act)


def lasting_s(act: Act) -> float:
    """How long such a fire burns; 0 for acts that set none."""
    return _BURN_S if p_notice(act) > 0 else 0.0
