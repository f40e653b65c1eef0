"""What parties claimed of each other, as outlets printed it: a JSON list of claims.

``claimant_as_printed`` (or ``claimant``), ``against``, ``as_of``, ``total`` or
``total_text``, ``parts``, ``text``, ``kind``, ``url``. The speaker is who was printed,
right or wrong, and a body of a party (``UA MoD``) speaks for the party; a key that says
who it truly was is an answer, not evidence, and is never read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from trucewatch.collect.acts import part
from trucewatch.collect.cells import MAX_COUNT, count, shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.features import Json, cell, objects
from trucewatch.collect.observation import (
    Figure,
    Observation,
    Rounding,
    Statement,
    StatementKind,
)
from trucewatch.collect.rows import Account
from trucewatch.collect.settings import Options, known, options
from trucewatch.collect.source import Batch
from trucewatch.collect.statements import Speaker, speaker_of
from trucewatch.collect.times import moment
from trucewatch.collect.words import nameless, outlet
from trucewatch.period import Period
from trucewatch.place import Unlocated

OPTIONS = known("F", "6", zone="Europe/Kyiv", truce="")

_COUNT = re.compile(r"\d{1,3}(?:[,\u00a0\u202f ]\d{3})+|\d+")
_OPEN_ENDED = re.compile(r"more than|over|at least|nearly|almost|\+", re.IGNORECASE)

Spans = Mapping[str, Period]


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One statement per claim; a claim without a date lies among its truce's others.

    With option ``truce`` only the claims of that truce are read; the others are
    rejected as of another truce.

    Raises:
        SourceError: if the delivery is not a JSON list or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    kept = Account(delivery)
    items = tuple(objects(raw, chosen))
    spans = _spans([item for _, item in items if item is not None], chosen)
    claim = partial(_claim, spans=spans, delivery=delivery, chosen=chosen)
    for where, item in items:
        try:
            kept.made.append(claim(where, item))
        except (ValueError, OverflowError) as error:
            kept.reject(where, str(error))
    return kept.batch()


def _claim(
    where: str, item: Json | None, spans: Spans, delivery: Delivery, chosen: Options
) -> Observation:
    if item is None:
        msg = "it is not a JSON object"
        raise ValueError(msg)
    truce = cell(item.get("truce"))
    if chosen.text("truce") not in ("", truce):
        msg = f"it concerns {shown(truce)}, not {shown(chosen.text('truce'))}"
        raise ValueError(msg)
    printed = cell(item.get("claimant_as_printed")) or cell(item.get("claimant"))
    speaker = speaker_of(printed)
    if not speaker.id:
        msg = "it names no claimant"
        raise ValueError(msg)
    time, rounding = _time(item, spans, chosen)
    return Observation(
        procedure=f"statements/{speaker.id}",
        result=_statement(item, speaker),
        place=Unlocated(),
        phenomenon_time=time,
        result_time=time,
        independence=f"party:{speaker.id}",
        reliability=chosen.reliability,
        credibility=chosen.credibility,
        rounding=rounding,
        row=where,
        derived_from=(delivery.id,),
    )


def _statement(item: Json, speaker: Speaker) -> Statement:
    figures = _figures(item.get("parts"))
    total, open_ended = _total(item)
    address = cell(item.get("url")).strip()
    against = cell(item.get("against")).strip()
    counted = bool(figures) or total is not None
    otherwise = StatementKind.ALLEGATION if counted else StatementKind.POSITION
    return Statement(
        kind=StatementKind(cell(item.get("kind")) or otherwise),
        speaker=speaker.id,
        against=against,
        figures=figures,
        total=total,
        words=nameless(cell(item.get("total_text")) or cell(item.get("text"))),
        outlet=outlet(address) if address else "",
        address=address,
        total_at_least=open_ended,
        speaker_printed=speaker.printed,
    )


def _figures(parts: object) -> tuple[Figure, ...]:
    if parts is None:
        return ()
    if not isinstance(parts, dict):
        msg = "parts must be an object of label and count"
        raise ValueError(msg)
    found = []
    for label, value in parts.items():
        units, open_ended = _counted(cell(value))
        name = str(label)
        found.append(
            Figure(label=name, act=part(name), units=units, at_least=open_ended)
        )
    return tuple(found)


def _total(item: Json) -> tuple[int | None, bool]:
    """The total, and whether the words leave it open."""
    written = cell(item.get("total")) or cell(item.get("total_text"))
    return _counted(written) if written else (None, False)


def _counted(text: str) -> tuple[int, bool]:
    """A count out of words such as "more than 1,300", and whether it is open-ended.

    Raises:
        ValueError: if the words hold no count or several.
    """
    numbers = _COUNT.findall(text)
    if len(numbers) != 1:
        msg = f"{shown(text)} holds {len(numbers)} counts, not one"
        raise ValueError(msg)
    digits = re.sub(r"\D", "", numbers[0])
    if len(digits) > len(str(MAX_COUNT)):
        msg = f"{shown(text)} is not a count"
        raise ValueError(msg)
    return count(digits), bool(_OPEN_ENDED.search(text))


def _time(item: Json, spans: Spans, chosen: Options) -> tuple[Period, Rounding]:
    if dated := cell(item.get("as_of")):
        return moment(dated, chosen.zone())
    truce = cell(item.get("truce"))
    if truce not in spans:
        msg = "it has no as_of, and no claim beside it is dated"
        raise ValueError(msg)
    return spans[truce], Rounding.UNKNOWN


def _spans(items: list[Json], chosen: Options) -> Spans:
    """From the first to the last dated claim of each truce."""
    spans: dict[str, Period] = {}
    for item in items:
        try:
            dated, _ = moment(cell(item.get("as_of")), chosen.zone())
        except (ValueError, OverflowError):
            continue  # undated, or rejected with this very error when it is read
        truce = cell(item.get("truce"))
        so_far = spans.get(truce, dated)
        begin, end = min(so_far.begin, dated.begin), max(so_far.end, dated.end)
        spans[truce] = Period(begin, end)
    return spans
