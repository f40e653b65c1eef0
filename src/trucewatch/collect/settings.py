"""The options of one delivery, checked: an unknown one is an error, not a wish."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite
from typing import TypeVar
from zoneinfo import ZoneInfo

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Credibility, Reliability
from trucewatch.collect.places import Bounds
from trucewatch.errors import SourceError

E = TypeVar("E", bound=StrEnum)

# The default of an option that has none: whoever delivers must say.
REQUIRED = "?"
ENCODINGS = ("utf-8", "utf-16", "cp1251", "latin-1")
_SLUGS = (
    *("speaker", "against", "party"),
    *("feed", "system", "family", "procedure", "map"),
)
_SLUG = re.compile(r"[\w.:-]+")


@dataclass(frozen=True, slots=True)
class Options:
    """What a source was told for one delivery, defaults filled in."""

    source: str
    values: Mapping[str, str]

    def text(self, name: str) -> str:
        """One option as written."""
        return self.values[name]

    def slug(self, name: str) -> str:
        """One option that becomes part of a key or a procedure's name.

        Raises:
            SourceError: if it is empty or holds more than letters, digits, ``.:-_``.
        """
        value = self.values[name]
        if not _SLUG.fullmatch(value):
            raise self.refused(name, "a word of letters, digits and .:-_")
        return value

    def number(self, name: str) -> float:
        """One option as a number above zero, in the unit its name says.

        Raises:
            SourceError: if it is no such number.
        """
        try:
            number = float(self.values[name])
        except ValueError:
            number = float("nan")
        if not (isfinite(number) and number > 0):
            raise self.refused(name, "a number above 0")
        return number

    def choice(self, name: str, kind: type[E]) -> E:
        """One option as a member of ``kind``.

        Raises:
            SourceError: if it is none; the message lists the members.
        """
        try:
            return kind(self.values[name])
        except ValueError as error:
            known = ", ".join(one.value for one in kind)
            raise self.refused(name, f"one of {known}") from error

    def flag(self, name: str) -> bool:
        """One option that is ``yes`` or ``no``.

        Raises:
            SourceError: if it is neither.
        """
        if self.values[name] not in ("yes", "no"):
            raise self.refused(name, "yes or no")
        return self.values[name] == "yes"

    def zone(self, name: str = "zone") -> ZoneInfo | None:
        """The zone of times written without one; ``None`` where none may be assumed.

        Raises:
            SourceError: if it is no IANA zone.
        """
        if not self.values.get(name):
            return None
        try:
            return ZoneInfo(self.values[name])
        except (KeyError, ValueError, OSError) as error:
            raise self.refused(name, "an IANA zone such as Europe/Kyiv") from error

    def bounds(self) -> Bounds | None:
        """The box every place must lie in; ``None`` where none was given.

        Raises:
            SourceError: if it is not four numbers.
        """
        if not self.values.get("bounds"):
            return None
        try:
            return Bounds.parsed(self.values["bounds"])
        except ValueError as error:
            instead = "west,south,east,north in degrees"
            raise self.refused(name="bounds", instead=instead) from error

    def encoding(self) -> str:
        """How text is encoded.

        Raises:
            SourceError: if it is none of ``ENCODINGS``.
        """
        if self.values["encoding"] not in ENCODINGS:
            instead = f"one of {', '.join(ENCODINGS)}"
            raise self.refused(name="encoding", instead=instead)
        return self.values["encoding"]

    @property
    def reliability(self) -> Reliability:
        """How far the source is trusted."""
        return self.choice("reliability", Reliability)

    @property
    def credibility(self) -> Credibility:
        """How far what it says is believed before anything is compared."""
        return self.choice("credibility", Credibility)

    def starting(self, prefix: str) -> dict[str, str]:
        """The options under a prefix, without it: ``column.lat`` becomes ``lat``."""
        found = {k: v for k, v in self.values.items() if k.startswith(prefix)}
        return {name.removeprefix(prefix): value for name, value in found.items()}

    def refused(self, name: str, instead: str) -> SourceError:
        """The error for an option whose value is not usable."""
        value = self.values[name]
        return SourceError(
            f"option {name} of source {self.source} is {value!r}; it must be {instead}"
        )


def options(
    delivery: Delivery, defaults: Mapping[str, str], free: tuple[str, ...] = ()
) -> Options:
    """The options of a delivery over a source's defaults.

    Args:
        delivery: what is about to be read.
        defaults: every option the source knows, with the value it has when not given.
        free: prefixes under which the deliverer names options.

    Raises:
        SourceError: if the delivery has an option the source does not know, lacks one
            it must have, or gives one a value that cannot be used.
    """
    given = {one.name: one.value for one in delivery.options}
    unknown = sorted(n for n in given if n not in defaults and not n.startswith(free))
    if unknown:
        known = ", ".join([*sorted(defaults), *(f"{prefix}…" for prefix in free)])
        msg = f"source {delivery.source} has no option {unknown[0]!r}; known: {known}"
        raise SourceError(msg)
    chosen = Options(delivery.source, {**defaults, **given})
    _check(chosen)
    return chosen


def _check(chosen: Options) -> None:
    """Return when every option has a usable value.

    Raises:
        SourceError: if one has not.
    """
    for name, value in chosen.values.items():
        if value == REQUIRED:
            msg = f"source {chosen.source} needs the option {name}"
            raise SourceError(msg)
        if name in _SLUGS:
            chosen.slug(name)
        elif name.endswith(("_m", "_h")):
            chosen.number(name)
    chosen.choice("reliability", Reliability)
    chosen.choice("credibility", Credibility)
    chosen.encoding()
    chosen.zone()
    chosen.bounds()


def known(reliability: str, credibility: str, **more: str) -> dict[str, str]:
    """The options of a source with their defaults; all text sources have three.

    Args:
        reliability: of the source, ``A`` to ``F`` (NATO AJP-2.1).
        credibility: of what it says, ``1`` to ``6``, before anything is compared.
        more: the source's own options.
    """
    grades = {"reliability": reliability, "credibility": credibility}
    return {"encoding": "utf-8", **grades, **more}
