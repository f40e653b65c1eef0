"""Prose read in memory, with a gazetteer of invented places."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.collect.deliveries import delivered
from trucewatch.collect.claim import Rounding
from trucewatch.collect.observation import Credibility, Observation, Reliability
from trucewatch.collect.prose.dates import times
from trucewatch.collect.prose.document import Document, lines_of
from trucewatch.collect.prose.gazetteer import Gazetteer, read_gazetteer
from trucewatch.collect.prose.numbers import numbers
from trucewatch.collect.prose.reckoning import Clock
from trucewatch.collect.prose.rules import rules
from trucewatch.collect.prose.statements import Terms, statements
from trucewatch.period import Period

NOON = datetime(2026, 1, 8, 12, tzinfo=UTC)  # a Thursday
KYIV = ZoneInfo("Europe/Kyiv")
HEADER = "geonameid,name,latitude,longitude,population,admin1code,alternatenames\n"
PLACES = HEADER + (
    "1,Velykyi Lis,48.50,37.50,90000,05,Великий Ліс|Большой Лес\n"
    "2,Zarichchia,47.00,35.00,60000,26,Заріччя|Заречье\n"
    "3,Kamianets,49.90,36.20,4000,07,Кам'янець|Каменец\n"
    "4,Kamianets,47.10,35.20,3000,26,Кам'янець|Каменец\n"
    "5,Sosnivka,48.60,37.60,20000,05,Соснівка|Сосновка\n"
    "6,Hrabiv,48.40,37.40,30000,05,Грабів|Грабов\n"
)


def minute(begin=NOON):
    return Period(begin, begin + timedelta(minutes=1))


def places():
    return read_gazetteer(PLACES.encode())


def said(text, gazetteer=None, **known):
    """Statements of a text published on NOON by outlet ``paper``."""
    outlet = known.pop("outlet", "paper")
    known.setdefault("published", minute())
    known.setdefault("rounding", Rounding.MINUTE)
    document = Document(text, outlet=outlet, **known)
    terms = Terms(
        delivery=delivered("articles", text.encode("utf-8", "surrogateescape")),
        zone=KYIV,
        reliability=Reliability.F,
        credibility=Credibility.CANNOT_BE_JUDGED,
        gazetteer=gazetteer or Gazetteer(),
    )
    return list(statements(document, list(lines_of(text)), terms))


def results(text, **known):
    found = said(text, **known)
    return [one.result for one in found if isinstance(one, Observation)]


def attributed(text, **known):
    """(speaker as printed, side or name) of every statement that somebody makes."""
    return [
        (one.speaker_printed or one.speaker, one.speaker)
        for one in results(text, **known)
        if one.verb_or_quoted
    ]


def when(text, language="en", begin=NOON, zone=KYIV):
    """Local begin and end of every time in a text."""
    clock = Clock(minute(begin), zone)
    found = times(text, 0, len(text), clock, rules(language))
    return [
        tuple(
            f"{t.astimezone(zone):%m-%d %H:%M}" for t in (w.period.begin, w.period.end)
        )
        for w in found
    ]


def counted(text, language="en"):
    found = numbers(text, 0, len(text), rules(language))
    return [(n.numeral, n.unit or n.what) for n in found]
