"""An invented agreement and invented incidents for the tests of grading."""

from dataclasses import replace

from tests.detect.build import SPOT, hours
from trucewatch.agreement.geometry import Disc, Everywhere, Line, Side, Site, Zone
from trucewatch.agreement.taxonomy import Act, Domain, ExemptKind
from trucewatch.agreement.terms import (
    Agreement,
    Clause,
    Exemption,
    Party,
    ReadClause,
    Reading,
    Window,
)
from trucewatch.detect.detection import ActShare, Channel
from trucewatch.fuse.incident import Contribution, Incident
from trucewatch.grade.grade import grade
from trucewatch.grade.settings import default_grade_settings
from trucewatch.place import Place

# As fusion has the odds: what rules and grades do, whatever exercises taught.
SETTINGS = replace(default_grade_settings(), calibration=None)


def window(begin=None, end=None):
    return Window(begin, end, "as stated")


def clause(name="1", prohibits=(Act.ATTACK,), where=(), sites="", **fields):
    return Clause(
        id=name,
        text="No attacks.",
        domain=Domain.LAND,
        prohibits=prohibits,
        where=where,
        sites=sites,
        binds=fields.pop("binds", ("A", "B")),
        weapons=fields.pop("weapons", ()),
        source="invented",
    )


def reading(name="A", windows=None, changes=()):
    return Reading(
        id=name,
        title=name,
        held_by=(name,),
        stance="accepted",
        windows=(window(),) if windows is None else windows,
        changes=tuple(changes),
        note="",
        sources=(),
    )


def change(name="1", applies=True, **fields):
    return ReadClause(clause=name, applies=applies, **fields)


def exemption(needs="notification", **fields):
    standard = {
        "id": "demining",
        "kind": ExemptKind.DEMINING,
        "text": "Notified demining is excused.",
        "acts": (Act.EXPLOSION,),
        "within_m": 3_000.0,
        "within_s": 7_200.0,
        "where": (),
    }
    return Exemption(needs=needs, **{**standard, **fields})


LINE = Line(
    id="line",
    title="Line",
    path=((37.5, 47.0), (37.5, 50.0)),
    areas=(),
    sides=(Side("A", "left"), Side("B", "right")),
    uncertainty_m=500.0,
    source="invented",
)
ZONES = (
    Zone("all", "Everywhere", Everywhere()),
    Zone("near", "Around the spot", Disc(48.5, 37.5, 20_000.0)),
    Zone("far", "Far away", Disc(46.0, 30.0, 20_000.0)),
)
SITE = Site("plant", "Plant", "power", 48.5, 37.5, 3_000.0, ("energy",), "invented")


def agreement(clauses=None, readings=None, **fields):
    standard = {
        "slug": "invented",
        "title": "Invented",
        "version": "1",
        "effective": None,
        "status": "in_force",
        "local_zone": "Europe/Kyiv",
        "parties": (Party("A", "A", "side"), Party("B", "B", "side")),
        "lines": (),
        "zones": ZONES,
        "sites": (SITE,),
        "exemptions": (),
        "commitments": (),
        "consultation": (),
        "glossary": (),
        "sources": (),
    }
    return Agreement(
        clauses=(clause(),) if clauses is None else tuple(clauses),
        readings=(reading(),) if readings is None else tuple(readings),
        **{**standard, **fields},
    )


def origin(key="a", channel=Channel.MEDIA, ratio=3.0, **fields):
    return Contribution(key, channel, ratio, (f"detection:{key}",), **fields)


def word(speaker="A", against="B"):
    return origin(
        f"party:{speaker}", Channel.PARTY, 0.477121, claimed_by=speaker, against=against
    )


def incident(place=SPOT, time=None, act=Act.SHELLING, p_exists=0.7, **fields):
    standard = {
        "name": "2026-02-02-00000000",
        "acts": (ActShare(act, 1.0),),
        "units_low": 0,
        "units_best": 0,
        "units_high": 0,
        "log10_prior_odds": 0.0,
        "log10_miss_ratio": 0.0,
        "contributions": (origin(),),
    }
    return Incident(
        place=place,
        time=time or hours(2, 3),
        p_exists=p_exists,
        **{**standard, **fields},
    )


STRONG = incident(
    p_exists=0.99,
    p_without_strongest=0.9,
    contributions=(origin("seen", Channel.OBSERVER, 5.0), origin("told")),
)


COARSE = Place.circle(48.5, 37.5, 60_000.0)


def graded(one, terms=None, notices=(), coverage=()):
    """The findings on one incident."""
    return grade([one], (terms or agreement(),), notices, coverage, SETTINGS)
