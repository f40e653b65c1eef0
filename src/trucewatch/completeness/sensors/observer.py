"""A fixed post: people who watch the same ground for hours."""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act
from trucewatch.completeness.witness import NOTICED

GROWS = 1 / 3  # with the charge: how far it is heard


def p_notice(act: Act) -> float:
    """The chance that the post notices the act in its footprint while it is manned."""
    return of_act(NOTICED, act)


def lasting_s(act: Act) -> float:
    """Nothing: sound and flash are over when the act is."""
    return 0.0
