"""The invented truce of which the dossiers of these tests tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from trucewatch.agreement.geometry import (
    Disc,
    Everywhere,
    Line,
    NearLine,
    Side,
    Site,
    Zone,
)
from trucewatch.agreement.taxonomy import Act, Domain
from trucewatch.agreement.terms import (
    Agreement,
    Clause,
    Party,
    ReadClause,
    Reading,
    Window,
)
from trucewatch.period import Period

DAY = Period(datetime(2031, 5, 4, 21, tzinfo=UTC), datetime(2031, 5, 5, 21, tzinfo=UTC))
CUTOFF = datetime(2031, 5, 5, 16, 30, tzinfo=UTC)
FINAL = datetime(2031, 5, 12, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def period(begin: datetime, length_s: float = 1.0) -> Period:
    return Period(begin, begin + timedelta(seconds=length_s))


def window(begin: datetime, end: datetime) -> Window:
    return Window(period(begin), period(end), "invented")


def agreement() -> Agreement:
    edge = period(datetime(2031, 5, 4, 21, tzinfo=UTC))
    late = period(datetime(2031, 5, 5, 9, tzinfo=UTC))
    path = ((30.2, 47.5), (30.6, 48.0), (30.5, 48.4), (31.1, 48.9))
    return Agreement(
        slug="rivers",
        title="Truce of the Two Rivers",
        version="2",
        effective=None,
        status="in_force",
        local_zone="Europe/Kyiv",
        parties=(
            Party("NOR", "Republic of Norland", "side"),
            Party("SUD", "Federation of Sudmark", "side"),
            Party("MED", "Joint Commission", "mediator"),
        ),
        lines=(
            Line(
                "contact",
                "Line of contact",
                path,
                (),
                (Side("NOR", "left"), Side("SUD", "right")),
                400.0,
                "invented",
            ),
        ),
        zones=(
            Zone("buffer", "Buffer of 15 km", NearLine("contact", 7500.0)),
            Zone("bridge", "Bridge area", Disc(48.0, 30.6, 12_000.0)),
            Zone("all", "Everywhere", Everywhere()),
        ),
        sites=(
            Site("p1", "Weir power plant", "power", 48.2, 31, 300, ("energy",), "inv"),
        ),
        clauses=(
            Clause(
                "1",
                "The Parties shall not use weapons of any kind in the Buffer.",
                Domain.LAND,
                (Act.ATTACK,),
                ("buffer",),
                "",
                ("NOR", "SUD"),
                (),
                "invented",
            ),
            Clause(
                "2",
                "The Parties shall not strike energy facilities.",
                Domain.INFRASTRUCTURE,
                (Act.STRIKE,),
                (),
                "energy",
                ("NOR", "SUD"),
                (),
                "invented",
            ),
        ),
        readings=(
            Reading(
                "north",
                "As Norland reads it",
                ("NOR",),
                "accepted",
                (Window(edge, None, "from midnight"),),
                (),
                "Holds from midnight between 4 and 5 May.",
                ("invented",),
            ),
            Reading(
                "south",
                "As Sudmark reads it",
                ("SUD",),
                "disputed",
                (Window(late, None, "from noon"),),
                (ReadClause("2", applies=False),),
                "",
                ("invented",),
            ),
        ),
        exemptions=(),
        commitments=(),
        consultation=(),
        glossary=(),
        sources=("invented",),
    )
