"""A microphone node: it hears bangs about it while it is alive.

Expert judgement, not fitted. One node hears and cannot place; how many listen is not
asked here, so the chances are low on purpose. Nodes of one network share their key: of
all that overlap, one counts.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

_P_NOTICE = {
    Act.ATTACK: 0.1,
    Act.FIRING: 0.1,
    Act.SHOT: 0.02,
    Act.EXPLOSION: 0.15,
    Act.DRONE_DROP: 0.05,
}


def p_notice(act: Act) -> float:
    """The chance that an act in a node's range is heard and placed."""
    return of_act(_P_NOTICE, act)


def lasting_s(act: Act) -> float:
    """Nothing: a sound passes once."""
    return 0.0
