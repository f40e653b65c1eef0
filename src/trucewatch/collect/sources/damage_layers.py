"""Damage as others assessed it (UNOSAT, Copernicus EMS and the like), with lineage.

GeoJSON in any reference system it names, GeoPackage or zipped shapefile. A layer of
``damage`` gives one observation per outline; a layer of ``areas`` says where analysts
looked, and gives acquisitions. When the two pictures were taken stands in columns named
by option, or in options ``before`` and ``after``: the damage happened between them.
"""

from __future__ import annotations

import re
from datetime import timedelta
from math import sqrt

from trucewatch.collect.cells import shown
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.layers import layer_of
from trucewatch.collect.observation import (
    Acquisition,
    Damage,
    DamageGrade,
    Observation,
    Outcome,
    Rounding,
)
from trucewatch.collect.outlines import extent_of
from trucewatch.collect.rows import Account, Row
from trucewatch.collect.settings import REQUIRED, Options, known, options
from trucewatch.collect.shapes import polygons
from trucewatch.collect.source import Batch
from trucewatch.collect.times import moment
from trucewatch.period import Period

OPTIONS = known(
    *("B", "2"),
    zone="UTC",
    system=REQUIRED,
    imagery="",
    what="damage",
    before="",
    after="",
    grade="ungraded",
    codes="",
    geolocation_m="10",
    **{"column.grade": "", "column.before": "", "column.after": ""},
)
# Words of UNOSAT, Copernicus EMS and xBD for the same grades, most telling first.
_WORDS = (
    (re.compile(r"\b(no|not|un)[ -]?(visible )?damage", re.I), None),
    (re.compile(r"possib|uncertain|suspect", re.I), DamageGrade.POSSIBLE),
    (re.compile(r"destroy|collaps", re.I), DamageGrade.DESTROYED),
    (re.compile(r"sever|major|heav", re.I), DamageGrade.SEVERE),
    (re.compile(r"moderat|minor|light|partial", re.I), DamageGrade.MODERATE),
    (re.compile(r"damag", re.I), DamageGrade.UNGRADED),
)
_WHATS = ("damage", "areas")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per outline said to be damaged, or one look per area.

    Outlines without damage, or whose grade or dates are not understood, are rejected.

    Raises:
        SourceError: if the delivery is no layer, or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    chosen.choice("grade", DamageGrade)
    if chosen.text("what") not in _WHATS:
        raise chosen.refused(name="what", instead=f"one of {', '.join(_WHATS)}")
    codes = _codes(chosen)
    kept = Account(delivery)
    for row in layer_of(raw, chosen.source):
        if row.fault:
            kept.reject(row.where, row.fault)
            continue
        try:
            if chosen.text("what") == "areas":
                kept.made.extend(_areas(row, delivery, chosen))
            else:
                kept.made.append(_damage(row, delivery, chosen, codes))
        except (ValueError, OverflowError) as error:
            kept.reject(row.where, str(error))
    return kept.batch()


def _damage(
    row: Row, delivery: Delivery, chosen: Options, codes: dict[str, str]
) -> Observation:
    grade = _grade(row, chosen, codes)
    place, area_m2 = extent_of(row.shape, chosen.number("geolocation_m"))
    time, depth = _between(row, chosen)
    system = chosen.slug("system")
    return Observation(
        procedure=f"damage/{system}",
        result=Damage(grade=grade, extent_m=sqrt(area_m2)),
        place=place,
        phenomenon_time=time,
        result_time=Period(time.end, time.end + timedelta(days=1)),
        independence=f"damage:{chosen.text('imagery') or system}",
        reliability=chosen.reliability,
        credibility=chosen.credibility,
        rounding=depth,
        row=row.where,
        derived_from=(delivery.id,),
    )


def _areas(row: Row, delivery: Delivery, chosen: Options) -> list[Acquisition]:
    """One look per piece of an area: ground between pieces was not looked at.

    Raises:
        ValueError: if it encloses nothing, or the dates are unusable.
    """
    found, dropped = polygons(row.shape)
    if not found:
        msg = "; ".join(dropped)
        raise ValueError(msg)
    time, _ = _between(row, chosen)
    system = chosen.slug("system")
    return [
        Acquisition(
            procedure=f"damage/{system}",
            footprint=one,
            time=time,
            outcome=Outcome.MISS,
            p_clear=1.0,
            independence=f"damage:{chosen.text('imagery') or system}",
            row=row.where if len(found) == 1 else f"{row.where}, piece {number}",
            derived_from=(delivery.id,),
        )
        for number, one in enumerate(found, start=1)
    ]


def _between(row: Row, chosen: Options) -> tuple[Period, Rounding]:
    """From the earlier picture to the later one.

    Raises:
        ValueError: if a date is missing or unusable, or they are in the wrong order.
    """
    texts = []
    for side in ("before", "after"):
        column = chosen.text(f"column.{side}").lower()
        text = (row.get(column) if column else "") or chosen.text(side)
        if not text:
            msg = f"when the picture {side} was taken is not told: set option {side}"
            raise ValueError(msg)
        texts.append(text)
    (first, _), (last, depth) = (moment(text, chosen.zone()) for text in texts)
    if last.end <= first.begin:
        msg = f"the picture after, {shown(texts[1])}, is older than the one before"
        raise ValueError(msg)
    return Period(first.begin, last.end), depth


def _grade(row: Row, chosen: Options, codes: dict[str, str]) -> DamageGrade:
    """The grade of an outline.

    Raises:
        ValueError: if it says that there is no damage, or is not understood.
    """
    column = chosen.text("column.grade").lower()
    if not column:
        return chosen.choice("grade", DamageGrade)
    text = row.need(column)
    word = codes.get(text, text)
    for form, grade in _WORDS:
        if form.search(word):
            if grade is None:
                msg = f"no damage: {shown(text)}"
                raise ValueError(msg)
            return grade
    msg = f"the grade {shown(text)} is not understood; say what it means in codes"
    raise ValueError(msg)


def _codes(chosen: Options) -> dict[str, str]:
    """What codes mean, from ``1=destroyed,2=severe``.

    Raises:
        SourceError: if the option is not so written.
    """
    found: dict[str, str] = {}
    for part in filter(None, chosen.text("codes").split(",")):
        code, equal, word = part.partition("=")
        if not (equal and code.strip() and word.strip()):
            raise chosen.refused(name="codes", instead="such as 1=destroyed,2=severe")
        found[code.strip()] = word.strip()
    return found
