"""How fine each audience may see: the one place where release levels are defined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trucewatch.record import Value


class Stage(StrEnum):
    """Stages of a day's bulletin, from flash to final; later ones supersede."""

    F0 = "F0"
    A1 = "A1"
    A2 = "A2"
    A3 = "A3"
    R = "R"
    FINAL = "Final"

    @property
    def automatic(self) -> bool:
        """Whether no person has reviewed it; such a stage never names a party."""
        return self not in (Stage.R, Stage.FINAL)


class Release(StrEnum):
    """Who a document is for."""

    CELL = "cell"
    PARTIES = "parties"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Grain(Value):
    """How coarse places and times are at one release level.

    Attributes:
        decimals: decimals kept of latitude and longitude of incidents.
        time_s: times are widened outwards to multiples of this.
        line_decimals: decimals kept of the agreement's lines and zones.
        names_sources: whether independence keys and whole addresses are shown.
    """

    decimals: int
    time_s: float
    line_decimals: int
    names_sources: bool


GRAINS = {
    Release.CELL: Grain(3, 60.0, 4, names_sources=True),
    Release.PARTIES: Grain(2, 3600.0, 3, names_sources=False),
    Release.PUBLIC: Grain(1, 21600.0, 2, names_sources=False),
}

# Incidents that may be firing: at no level finer than a cell of this many degrees
# (0.05 deg is 5.6 km by at least 2.8 km up to 60 deg latitude), shown as a mass per
# side, and not before this many seconds have passed.
FIRING_CELL_DEG = 0.05
FIRING_DELAY_S = 86_400.0
