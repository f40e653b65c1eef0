"""What arrived, before anybody reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trucewatch.record import Record, Value


@dataclass(frozen=True, slots=True)
class Option(Value):
    """One setting of a source for one delivery, as the mission file gave it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery(Record):
    """The raw bytes as received, hashed on arrival; root of every derivation.

    Attributes:
        source: name of the plug-in that reads it.
        name: what the deliverer called it, without any folder.
        sha256: of the bytes as they arrived.
        size_bytes: how many they are.
        received: when the mission held it, by the mission's clock; ``None`` where a
            historical case does not know.
        options: the source's settings for it.
        licence: under which it may be used.
    """

    source: str
    name: str
    sha256: str
    size_bytes: int
    received: datetime | None = None
    options: tuple[Option, ...] = ()
    licence: str = ""

    def option(self, name: str, otherwise: str) -> str:
        """The value of one setting, or ``otherwise`` where it was not given."""
        values = [one.value for one in self.options if one.name == name]
        return values[-1] if values else otherwise
