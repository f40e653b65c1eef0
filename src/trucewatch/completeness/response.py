"""How a family of procedures responds to an act it could see."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Protocol, cast

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


def family_of(procedure: str) -> str:
    """The family a procedure belongs to: what stands before the first ``/``."""
    return procedure.partition("/")[0]


@cache
def response_of(family: str) -> Response | None:
    """The response model of a family, ``None`` where nobody wrote one."""
    return cast(Response, load(SENSORS, family)) if family in names(SENSORS) else None


def of_act(table: Mapping[Act, float], act: Act) -> float:
    """What a table says of the act, or of the nearest broader one; else 0."""
    step: Act | None = act
    while step is not None and step not in table:
        step = BROADER.get(step)
    return 0.0 if step is None else table[step]
