"""Posts of one party's defence ministry: the counts they state, never their words.

``date,datetime,drone_count,oblasts,text_snippet``, in Russian. Two counts are read: of
the other side's drones said to be shot down, and of its attacks on energy facilities.
Column ``drone_count`` is not used: its maker took the first region's count for the
whole, and counts of other things out of summaries.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.cells import count
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import (
    Figure,
    Observation,
    Statement,
    StatementKind,
)
from trucewatch.collect.rows import Row, account, csv_rows
from trucewatch.collect.settings import REQUIRED, Options, known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.times import moment
from trucewatch.period import Period
from trucewatch.place import Unlocated

# Hours in the text are Moscow's. The column datetime is UTC: posts on "18.00 to 23.00
# Moscow time" stand there at 21:34, which is 00:34 in Moscow.
OPTIONS = known("F", "6", zone="UTC", speaker=REQUIRED, against=REQUIRED, address="")
NEEDED = ("datetime", "text_snippet")
MOSCOW = ZoneInfo("Europe/Moscow")

# A post that names no hours speaks of the day before it.
SPEAKS_OF = timedelta(hours=24)

_MARKUP = re.compile(r"[*_`]+|\[|\]\([^)]*\)|\s+")
_NUMERAL_WORDS = """
ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать
тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать
двадцать
"""
_NUMERALS = _NUMERAL_WORDS.split()
_N = rf"(?P<n>\d+|{'|'.join(_NUMERALS)})"
_DRONES = re.compile(
    rf"(?:уничтожен|перехвачен)\w* {_N} украинск\w+ (?:\w+ )?беспилотн", re.IGNORECASE
)
_ENERGY = re.compile(
    rf"\b{_N} (?:\w+ )?атак\w* на (?:объект\w* )?российск\w+ (?:\w+ )?энерг",
    re.IGNORECASE,
)
_HOURS = re.compile(
    r"\bс (?P<h1>\d{1,2})[.:](?P<m1>\d\d)(?: мск)?(?: \d{1,2} [а-я]+)? "
    r"(?:до|по) (?P<h2>\d{1,2})[.:](?P<m2>\d\d)",
    re.IGNORECASE,
)


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One statement per post that states a count; the others are rejected as without.

    Raises:
        SourceError: if the delivery is not such a table, an option is wrong, or it is
            not said who speaks and of whom.
    """
    chosen = options(delivery, OPTIONS)
    make = partial(_post, delivery=delivery, chosen=chosen)
    return account(delivery, csv_rows(raw, chosen, NEEDED), make)


def _post(row: Row, delivery: Delivery, chosen: Options) -> Observation:
    posted, rounding = moment(row.need("datetime"), chosen.zone())
    text = " ".join(_MARKUP.sub(" ", row.need("text_snippet")).split())
    figures = (
        *_figure(_DRONES, text, "drones said to be shot down", Act.DRONE_CROSSING),
        *_figure(_ENERGY, text, "attacks on energy facilities", Act.STRIKE),
    )
    if not figures:
        msg = "it states no count that this source reads; the post stays as delivered"
        raise ValueError(msg)
    speaker = chosen.slug("speaker")
    return Observation(
        procedure=f"statements/{speaker}",
        result=Statement(
            kind=StatementKind.ALLEGATION,
            speaker=speaker,
            against=chosen.slug("against"),
            figures=figures,
            total=None,
            words="",
            outlet="",
            address=chosen.text("address"),
        ),
        place=Unlocated(),
        phenomenon_time=_spoken_of(text, posted),
        result_time=posted,
        independence=f"party:{speaker}",
        reliability=chosen.reliability,
        credibility=chosen.credibility,
        rounding=rounding,
        row=row.where,
        derived_from=(delivery.id,),
    )


def _figure(
    form: re.Pattern[str], text: str, label: str, act: Act
) -> tuple[Figure, ...]:
    match = form.search(text)
    if match is None:
        return ()
    word = match["n"].lower()
    units = _NUMERALS.index(word) if word in _NUMERALS else count(word)
    return (Figure(label=label, act=act, units=units),)


def _spoken_of(text: str, posted: Period) -> Period:
    """The hours a post names, where they ended before it, else the day before it."""
    match = _HOURS.search(text)
    if match is None:
        return Period(posted.begin - SPEAKS_OF, posted.end)
    h1, m1, h2, m2 = (int(match[name]) for name in ("h1", "m1", "h2", "m2"))
    if max(h1, h2) > 23 or max(m1, m2) > 59:
        return Period(posted.begin - SPEAKS_OF, posted.end)
    local = posted.begin.astimezone(MOSCOW)
    end = local.replace(hour=h2, minute=m2, second=0, microsecond=0)
    end -= timedelta(days=1) if end > local else timedelta(0)
    begin = end.replace(hour=h1, minute=m1)
    begin -= timedelta(days=1) if begin >= end else timedelta(0)
    return Period(begin, end)
