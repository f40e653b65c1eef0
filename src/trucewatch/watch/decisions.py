"""Read a reviewer's decisions file: single and bulk orders with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from trucewatch.grade.finding import Attributed
from trucewatch.review.decide import ReviewOrder, Selector
from trucewatch.review.decision import Verdict, check_attribution
from trucewatch.review.joining import JoinDecision, Joining
from trucewatch.watch.yamlfile import parsed


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Select(_Part):
    clause: str = ""
    reading: str = ""
    grade: str = ""
    standing: str = ""
    channel: str = ""
    incident: str = ""


class _Order(_Part):
    select: _Select
    verdict: Verdict
    reason: str = Field(min_length=3)
    attribution: Attributed = Attributed.NOT
    side: str = ""

    @model_validator(mode="after")
    def _can_be_said(self) -> _Order:
        check_attribution(self.verdict, self.attribution, self.side)
        return self


class _Join(_Part):
    joining: Joining
    incidents: tuple[str, str]
    reason: str = Field(min_length=3)

    @model_validator(mode="after")
    def _names_two(self) -> _Join:
        if self.incidents[0] == self.incidents[1]:
            msg = f"name two incidents, not {self.incidents[0]!r} twice"
            raise ValueError(msg)
        return self


class _Decisions(_Part):
    reviewer: str = Field(pattern="^[a-z0-9-]{3,64}$")
    decided: AwareDatetime
    decisions: tuple[_Order, ...] = ()
    joins: tuple[_Join, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> _Decisions:
        if not (self.decisions or self.joins):
            msg = "give `decisions`, `joins` or both"
            raise ValueError(msg)
        return self


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Who decided, when, and what; first fitting order wins.

    Attributes:
        joins: what was said of pairs of incidents.
    """

    reviewer: str
    decided: datetime
    orders: tuple[ReviewOrder, ...]
    joins: tuple[JoinDecision, ...] = ()


def read_decisions(path: Path) -> Reviewed:
    """The checked decisions file.

    Raises:
        MissionError: if it cannot be read or is not a decisions file.
    """
    written = parsed(path, "a decisions file")
    try:
        made = _Decisions.model_validate(written.body)
    except ValidationError as error:
        raise written.refused(error) from None
    orders = tuple(
        ReviewOrder(
            select=Selector(**one.select.model_dump()),
            verdict=one.verdict,
            reason=one.reason,
            attribution=one.attribution,
            side=one.side,
        )
        for one in made.decisions
    )
    joins = tuple(
        JoinDecision(
            first=one.incidents[0],
            second=one.incidents[1],
            joining=one.joining,
            reviewer=made.reviewer,
            reason=one.reason,
            decided=made.decided,
        )
        for one in made.joins
    )
    return Reviewed(made.reviewer, made.decided, orders, joins)
