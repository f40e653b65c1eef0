"""A receiver of ADS-B: it hears aircraft that transmit; few over a truce's zones do.

Expert judgement, not fitted. Civil aircraft must transmit in most airspace; military
aircraft and drones need not, and in operations they hardly do.
"""

from __future__ import annotations

from trucewatch.agreement.taxonomy import Act
from trucewatch.completeness.response import of_act

_P_TRANSMITS = {Act.OVERFLIGHT: 0.1}


def p_notice(act: Act) -> float:
    """The chance that the aircraft transmits its true place, in good reception."""
    return of_act(_P_TRANSMITS, act)


def lasting_s(act: Act) -> float:
    """Nothing: an aircraft is heard while it is there."""
    del act
    return 0.0
