"""A patrol: people who see and hear what happens about them while they are there.

They notice what a post notices, and that they are not let through.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act
from trucewatch.completeness.witness import NOTICED

_ON_THE_WAY = {**NOTICED, Act.ACCESS_DENIAL: 0.95}
GROWS = 1 / 3  # with the charge: how far it is heard


def p_notice(act: Act) -> float:
    """The chance that the patrol notices the act in its footprint while it is there."""
    return of_act(_ON_THE_WAY, act)


def lasting_s(act: Act) -> float:
    """Nothing: sound and flash are over when the act is."""
    return 0.0
