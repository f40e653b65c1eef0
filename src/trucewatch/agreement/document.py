"""The words of the agreement language: what may stand where in an agreement file.

These models check spelling and single values only. What one part says about another
is checked in `check`, what a shape can be in `possible`; `build` makes the records.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    FiniteFloat,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from trucewatch.agreement.dates import read_duration_s, read_instant, read_window
from trucewatch.agreement.problem import TermError
from trucewatch.agreement.taxonomy import Act, Domain, ExemptKind, WeaponClass

EVERYWHERE = "everywhere"
# Control characters but line breaks and tabs, those that turn the reading order, and
# halves of characters: what they do to a terminal or a page is not what a reader signs.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def _as_list(value: object) -> object:
    """One word may stand for a list of one; ``everywhere`` for the empty list."""
    if isinstance(value, str):
        return () if value == EVERYWHERE else (value,)
    return value


def _seen(text: str) -> str:
    if found := UNSEEN.search(text):
        wrong = f"the text holds the unseen character U+{ord(found[0]):04X}"
        raise TermError(wrong, "take it out")
    return text


def _window(text: str) -> str:
    read_window(text, ZoneInfo("UTC"))
    return text


def _duration(text: str) -> str:
    read_duration_s(text)
    return text


def _instant(text: str) -> str:
    read_instant(text)
    return text


def _zone_name(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        wrong = f"`{name}` is no time zone"
        right = "give an IANA name such as Europe/Kyiv"
        raise TermError(wrong, right) from error
    return name


def _exactly_one(model: BaseModel, names: tuple[str, ...], what: str) -> None:
    given = [name for name in names if name in model.model_fields_set]
    if len(given) != 1:
        words = ", ".join(name.rstrip("_") for name in names)
        wrong = f"{what} has {' and '.join(given) or 'no shape'}"
        raise TermError(wrong, f"give exactly one of {words}")


Seen = Annotated[str, AfterValidator(_seen)]
Words = Annotated[Seen, StringConstraints(min_length=1)]
Id = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)
]
Acts = Annotated[tuple[Act, ...], Field(min_length=1)]
Parties = Annotated[tuple[Id, ...], Field(min_length=1)]
Sources = Annotated[tuple[Words, ...], Field(min_length=1)]
Where = Annotated[
    tuple[Id, ...],
    BeforeValidator(_as_list),
    WithJsonSchema({
        "anyOf": [
            {"type": "string", "description": "`everywhere`, or the id of one zone"},
            {"type": "array", "items": {"type": "string"}},
        ]
    }),
]
WindowText = Annotated[Words, AfterValidator(_window)]
DurationText = Annotated[Words, AfterValidator(_duration)]
InstantText = Annotated[Words, AfterValidator(_instant)]
ZoneName = Annotated[Words, AfterValidator(_zone_name)]
Metres = Annotated[FiniteFloat, Field(ge=0, le=20_037_508)]  # half round the earth
PositiveMetres = Annotated[FiniteFloat, Field(gt=0, le=20_037_508)]
Latitude = Annotated[FiniteFloat, Field(ge=-90, le=90)]
Longitude = Annotated[FiniteFloat, Field(ge=-180, le=180)]
Vertices = tuple[tuple[FiniteFloat, FiniteFloat], ...]  # (longitude, latitude)
Held = Literal["left", "right", "inside", "rest"]


class Section(BaseModel):
    """Any part of the file: unknown words are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Entry(Section):
    """Anything that other parts, findings and people call by its id."""

    id: Id


class PartyText(Section):
    """Somebody the agreement names."""

    name: Words
    role: Literal["side", "guarantor", "mediator", "monitor", "observer"]


class Extent(Section):
    """A box around all the agreement speaks of; catches swapped coordinates."""

    south_deg: Latitude
    north_deg: Latitude
    west_deg: Longitude
    east_deg: Longitude


class PolygonText(Section):
    """Rings of [longitude, latitude]; the last vertex repeats the first."""

    outer: Vertices
    holes: tuple[Vertices, ...] = ()


class LineText(Section):
    """A line, drawn as a path or as the border of areas, here or in a GeoJSON file."""

    title: Words
    path: Vertices | None = None
    areas: tuple[PolygonText, ...] | None = None
    file: Words | None = None
    sides: Annotated[dict[Id, Held], Field(max_length=2)] = {}
    uncertainty_m: Metres
    source: Words

    @model_validator(mode="after")
    def _one_shape(self) -> LineText:
        _exactly_one(self, ("path", "areas", "file"), "the line")
        return self


class DiscText(Section):
    """Everything within a distance of a point."""

    lat_deg: Latitude
    lon_deg: Longitude
    radius_m: PositiveMetres


class NearLineText(Section):
    """Everything within a distance of a line; on one side of it if `side` is given."""

    line: Id
    within_m: PositiveMetres
    side: Id | None = None


class SideOfText(Section):
    """Everything on one party's side of a line."""

    line: Id
    side: Id


class NearSitesText(Section):
    """Everything within a distance of a site on a list, beyond its extent."""

    sites: Id
    within_m: Metres


class ExceptText(Section):
    """One zone without others."""

    zone: Id
    without: Annotated[tuple[Id, ...], Field(min_length=1)]


SHAPES = (
    "polygon",
    "file",
    "disc",
    "near_line",
    "side_of",
    "near_sites",
    "all_of",
    "any_of",
    "except_",
)


class ZoneText(Section):
    """A part of space: exactly one shape, and a band of heights if it has one."""

    title: Words
    polygon: PolygonText | None = None
    file: Words | None = None
    disc: DiscText | None = None
    near_line: NearLineText | None = None
    side_of: SideOfText | None = None
    near_sites: NearSitesText | None = None
    all_of: Annotated[tuple[Id, ...], Field(min_length=2)] | None = None
    any_of: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None
    except_: Annotated[ExceptText | None, Field(alias="except")] = None
    floor_m: FiniteFloat | None = None
    ceiling_m: FiniteFloat | None = None

    @model_validator(mode="after")
    def _one_shape(self) -> ZoneText:
        _exactly_one(self, SHAPES, "the zone")
        return self


class SiteText(Entry):
    """A declared site. Its lists say who holds it to be protected."""

    name: Words
    kind: Words
    lat_deg: Latitude
    lon_deg: Longitude
    radius_m: Metres
    lists: Annotated[tuple[Id, ...], Field(min_length=1)]
    source: Words


class WindowLine(Section):
    """When something is in force, in whose words, and by whose calendar."""

    window: WindowText
    stated: Words
    zone: ZoneName | None = None


class ClauseText(Entry):
    """One checkable promise."""

    text: Words
    domain: Domain
    prohibits: Acts
    where: Where
    sites: Id | None = None
    binds: Parties
    weapons: tuple[WeaponClass, ...] = ()
    source: Words


class ChangeText(Section):
    """What a reading changes in one clause; words left out change nothing."""

    clause: Id
    applies: bool = True
    prohibits: Acts | None = None
    where: Where | None = None
    sites: Id | None = None
    in_force: tuple[WindowLine, ...] | None = None


class ReadingText(Entry):
    """How somebody reads the terms. `in_force: []` means never in force."""

    title: Words
    held_by: Parties
    stance: Literal["accepted", "unilateral", "mirror", "rejected", "disputed"]
    in_force: tuple[WindowLine, ...]
    changes: tuple[ChangeText, ...] = ()
    note: Seen = ""
    sources: Sources


class ExemptionText(Entry):
    """Activity the terms excuse, on a condition."""

    kind: ExemptKind
    text: Words
    acts: Acts
    needs: Literal["notification", "authorisation", "nothing"]
    within_m: Metres
    within: DurationText
    where: Where


class CommitmentText(Entry):
    """A guarantee: who promised what, on which condition."""

    by: Parties
    text: Words
    domain: Domain | None = None
    condition: Words
    status: Words
    source: Words


class RungText(Entry):
    """One rung of the consultation ladder."""

    severity: Literal["S1", "S2", "S3", "S4"]
    grade: Literal["Verified", "Probable", "Possible", "Reported"]
    notify: Parties
    within: DurationText
    needs: Literal["one_person", "two_persons"]


class Document(Section):
    """One version of an agreement, as written."""

    agreement: Id
    title: Words
    version: Words
    effective: InstantText | None = None
    supersedes: Words | None = None
    status: Literal["in_force", "declared", "proposed", "historical"]
    local_zone: ZoneName
    sources: Sources
    extent: Extent | None = None
    parties: Annotated[dict[Id, PartyText], Field(min_length=1)]
    glossary: dict[Words, Words] = {}
    lines: dict[Id, LineText] = {}
    zones: dict[Id, ZoneText] = {}
    sites: tuple[SiteText, ...] = ()
    site_files: tuple[Words, ...] = ()
    clauses: Annotated[tuple[ClauseText, ...], Field(min_length=1)]
    readings: Annotated[tuple[ReadingText, ...], Field(min_length=1)]
    exemptions: tuple[ExemptionText, ...] = ()
    consultation: tuple[RungText, ...] = ()
    commitments: tuple[CommitmentText, ...] = ()
