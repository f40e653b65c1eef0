"""Invented prints and reports for the tests of lineage."""

from datetime import timedelta

from tests.detect.build import DAY0, HOUR, SPOT, observation
from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import (
    MediaReport,
    Rounding,
    Statement,
    StatementKind,
)
from trucewatch.collect.words import digest
from trucewatch.period import Period
from trucewatch.place import Unlocated


def printed(text, outlet="a.example", later=0, language="en", **fields):
    """A statement in an outlet, so many hours after the first."""
    at = DAY0 + later * HOUR
    time = Period(at, at + timedelta(minutes=1))
    said = Statement(
        kind=StatementKind.ALLEGATION,
        speaker=fields.pop("speaker", ""),
        against="",
        figures=(),
        total=None,
        words="",
        outlet=outlet,
        address="",
        language=language,
        text=text,
    )
    key = fields.pop("key", f"media:{outlet}")
    place = fields.pop("place", Unlocated())
    return observation(
        said, place, time, f"{outlet} {later}", independence=key, result_time=time
    )


def report(outlet, headline="", later=0, place=SPOT, acts=(Act.SHELLING,), row="1"):
    """A report of the twelve hours before it was printed."""
    at = DAY0 + later * HOUR
    return observation(
        MediaReport(acts, outlet, digest(headline)),
        place,
        Period(at - 12 * HOUR, at),
        row,
        result_time=Period(at, at + timedelta(minutes=1)),
        independence=f"media:{outlet}",
        rounding=Rounding.MINUTE,
    )
