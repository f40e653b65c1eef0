"""How a family of procedures responds to an act it could see."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from trucewatch.agreement.taxonomy import BROADER, Act
from trucewatch.plugin import load, names

SENSORS = "trucewatch.completeness.sensors"


class Response(Protocol):
    """A response model. A module with these functions is one."""

    def p_notice(self, act: Act) -> float:
        """The chance that one look notices the act, if nothing stands in the way."""
        ...

    def lasting_s(self, act: Act) -> float:
        """For how many seconds after the act a look still shows its trace."""
        ...


class Network(Response, Protocol):
    """The response of nodes that notice together. A module that has these is one."""

    LEAST_NODES: int
    REACH_M: float
    BEYOND_DB: float  # by how much what lies beyond all stated ranges is fainter

    def level_db(self, act: Act, charge_kg: float | None) -> float:
        """Level of an act at 1 km in dB; minus infinity for one without sound."""
        ...

    def shared_db(self, charge_kg: float | None) -> tuple[tuple[float, float], ...]:
        """By how many dB it differs for all nodes alike, each with its weight."""
        ...

    def rounds(self, act: Act) -> int:
        """How many times an act shows, as a rule."""
        ...

    def p_heard(
        self, at_1km_db: NDArray[np.float64], away_m: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """The chance that one node notices a level from so far away.

        Shapes that numpy broadcasts together; the result has that shape.
        """
        ...


def family_of(procedure: str) -> str:
    """The family a procedure belongs to: what stands before the first ``/``."""
    return procedure.partition("/")[0]


@cache
def response_of(family: str) -> Response | None:
    """The response model of a family, ``None`` where nobody wrote one."""
    return cast(Response, load(SENSORS, family)) if family in names(SENSORS) else None


def network_of(family: str) -> Network | None:
    """The response of a family whose nodes notice together, else ``None``."""
    found = response_of(family)
    return cast(Network, found) if hasattr(found, "LEAST_NODES") else None


def grown(p: float, family: str, act: Act, charge_kg: float | None) -> float:
    """The chance of noticing an act of this charge, from that of its usual charge.

    A larger charge is noticed as often as that many more usual ones, to the power the
    family states (``GROWS``: 2/3 where an area counts, 1/3 where a length does). Acts
    without a charge, and families that state none, keep their chance.
    """
    usual_kg = of_act(USUAL_KG, act)
    power = float(getattr(response_of(family), "GROWS", 0.0))
    if charge_kg is None or not usual_kg or not power:
        return p
    return float(1.0 - (1.0 - p) ** ((charge_kg / usual_kg) ** power))


# Charge in kg of TNT that is usual for an act. Expert judgement, not fitted.
USUAL_KG: Mapping[Act, float] = {
    Act.ATTACK: 5.0,
    Act.EXPLOSION: 5.0,
    Act.SHELLING: 7.0,
    Act.STRIKE: 250.0,
    Act.DRONE_IMPACT: 3.0,
    Act.DRONE_DROP: 0.5,
    Act.MINE: 6.0,
}


def of_act(table: Mapping[Act, float], act: Act) -> float:
    """What a table says of the act, or of the nearest broader one; else 0."""
    step: Act | None = act
    while step is not None and step not in table:
        step = BROADER.get(step)
    return 0.0 if step is None else table[step]
