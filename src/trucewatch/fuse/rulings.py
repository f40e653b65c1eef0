"""What a person ruled of cells: that two are one incident, or are not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trucewatch.record import Value

Pair = tuple[str, str]  # names of cells, as incidents bear them


@dataclass(frozen=True, slots=True)
class Rulings(Value):
    """Pairs of names; what a ruling names and nobody tells any more rules nothing.

    Attributes:
        together: are one incident.
        apart: are two.
    """

    together: tuple[Pair, ...] = ()
    apart: tuple[Pair, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every name a ruling is about."""
        return frozenset(
            name for pair in (*self.together, *self.apart) for name in pair
        )

    def are_apart(self, one: Collection[str], other: Collection[str]) -> bool:
        """Whether something of the one was ruled apart from something of the other."""
        if not (one and other):
            return False
        return any(
            (a in one and b in other) or (b in one and a in other)
            for a, b in self.apart
        )


NONE = Rulings()
