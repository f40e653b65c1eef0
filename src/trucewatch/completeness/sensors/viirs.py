"""A thermal pass at 375 m: it notices what still burns when the satellite comes by.

Expert judgement, not fitted: no recall of thermal anomalies for single explosions has
been published. What is known is that a pass sees only what burns as it passes, so that
with ``V`` clear looks a day a burn of duration ``D`` is seen with a chance of about
``V D / 24 h`` at most. That arithmetic is left to the length of the trace; the chance
below is that an act sets a fire at all, large enough for a pixel.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

# Chance that one such act starts a fire a 375 m pixel shows. Expert, not fitted.
_P_FIRE = {
    Act.ATTACK: 0.02,
    Act.FIRING: 0.01,
    Act.EXPLOSION: 0.05,
    Act.STRIKE: 0.15,
    Act.MISSILE: 0.25,
    Act.DRONE_DROP: 0.03,
    Act.MINE: 0.02,
    Act.ASSAULT: 0.05,
}
_BURN_S = 3_600.0  # one hour; expert, not fitted
GROWS = 2 / 3  # with the charge: the ground it burns


def p_notice(act: Act) -> float:
    """The chance that the act sets a fire which a clear pass shows while it burns."""
    return of_act(_P_FIRE, act)


def lasting_s(act: Act) -> float:
    """How long such a fire burns; 0 for acts that set none."""
    return _BURN_S if p_notice(act) > 0 else 0.0
