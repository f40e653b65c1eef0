"""A thermal pass at 375 m: it notices what still burns when the satellite comes by."""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.fires import BURN_S, SEEN_AT_375_M
from trucewatch.completeness.response import of_act

GROWS = 2 / 3  # with the charge: the ground it burns


def p_notice(act: Act) -> float:
    """The chance that the act sets a fire which a clear pass shows while it burns."""
    return of_act(SEEN_AT_375_M, act)


def lasting_s(act: Act) -> float:
    """How long such a fire burns; 0 for acts that set none."""
    return BURN_S if p_notice(act) > 0 else 0.0
