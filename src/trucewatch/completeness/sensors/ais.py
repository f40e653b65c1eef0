"""A receiver of AIS: it hears vessels that transmit; who must not be there may not.

Expert judgement, not fitted. Ships above 300 gross tonnage must transmit (SOLAS V/19);
warships need not, and a vessel that enters where it must not has reason to stop.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

_P_TRANSMITS = {Act.VESSEL_IN_EXCLUSION_AREA: 0.3}


def p_notice(act: Act) -> float:
    """The chance that the vessel transmits its true place, in good reception."""
    return of_act(_P_TRANSMITS, act)


def lasting_s(act: Act) -> float:
    """Nothing: a vessel is heard while it is there."""
    del act
    return 0.0
