"""Everything said, set side by side once: for command, bulletin and page alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trucewatch.collect.observation import Observation
from trucewatch.grade.register import RegisterEntry, register
from trucewatch.grade.renderings import (
    Difference,
    Rendered,
    Rendering,
    complements_of,
    renderings,
)
from trucewatch.record import Record

SEVERAL = 2  # outlets, from which on a statement has renderings


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said, by statement and by subject.

    Attributes:
        rendered: every statement with all its prints, those of one outlet too.
        complements: what only one of two texts has that print one statement both.
    """

    rendered: tuple[Rendered, ...] = ()
    complements: tuple[Difference, ...] = ()
    register: tuple[RegisterEntry, ...] = ()

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Of all statements, and complements; each once, by id."""
        every = [d for one in self.rendered for d in one.differences]
        once = {one.id: one for one in (*every, *self.complements)}
        return tuple(once[name] for name in sorted(once))

    @property
    def renderings(self) -> tuple[Rendering, ...]:
        """The statements that several outlets print, by id."""
        many = [o.record for o in self.rendered if len(o.outlets) >= SEVERAL]
        return tuple(sorted(many, key=lambda one: one.id))

    def records(self) -> tuple[Record, ...]:
        """What the ledger keeps, sources before what derives from them."""
        return (*self.differences, *self.renderings, *self.register)


def spoken(observations: Sequence[Observation]) -> Spoken:
    """All that is said in some observations; their order never matters."""
    rendered = renderings(observations)
    return Spoken(
        rendered=rendered,
        complements=complements_of(observations, rendered),
        register=register(observations),
    )
