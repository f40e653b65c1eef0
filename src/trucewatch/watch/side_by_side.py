"""Statements as people and scripts read them: side by side, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from trucewatch.collect.claim import Claim, Quantity, Rounding
from trucewatch.collect.observation import Observation, Statement
from trucewatch.grade.register import RegisterEntry, Report
from trucewatch.grade.renderings import Difference, Rendered
from trucewatch.period import Period, iso
from trucewatch.place import Area, Place, where_prec
from trucewatch.record import written_out
from trucewatch.watch.statements import Heard

WIDTH_CHARS = 100


def as_json(heard: Heard) -> str:
    """Everything as one JSON object; records with every field."""
    body = {
        "statements": [
            {
                "id": one.id,
                **json.loads(written_out(one)),
                "quoted": list(heard.quoted.get(one.id, ())),
            }
            for one in heard.observations
        ],
        "one_statement": [
            {
                "outlets": list(one.outlets),
                "prints": [p.id for p in one.prints],
                "differences": [json.loads(written_out(d)) for d in one.differences],
            }
            for one in heard.spoken.rendered
        ],
        "complements": [json.loads(written_out(d)) for d in heard.spoken.complements],
        "register": [json.loads(written_out(one)) for one in heard.spoken.register],
        "left_out": [
            {"file": name, "where": one.where, "why": one.why}
            for name, one in heard.silent
        ],
        "problems": list(heard.problems),
    }
    return json.dumps(body, ensure_ascii=False, indent=1)


def as_text(heard: Heard) -> str:
    """Who said what, where outlets differ, the register, what was left out."""
    lines = [*(f"! {problem}" for problem in heard.problems), "WHO SAID WHAT", ""]
    for number, one in enumerate(heard.spoken.rendered, 1):
        lines.extend(_rendered(number, one, heard))
    if heard.spoken.complements:
        lines.extend(["WHAT ONLY ONE OUTLET HAS", ""])
        lines.extend(f"   {differs(one, heard)}" for one in heard.spoken.complements)
    own = [o for o in heard.observations if not _attributed(o)]
    if own:
        lines.extend(["", "IN THE OUTLETS' OWN WORDS", ""])
        lines.extend(line for one in own for line in _print(one, heard))
    lines.extend(["", "REGISTER OF SUBJECTS", ""])
    for entry in heard.spoken.register:
        lines.extend(entry_lines(entry))
    lines.extend(["", "LEFT OUT", ""])
    lines.extend(f"  {n}, {s.where}: {s.why}" for n, s in heard.silent)
    return "\n".join(lines)


def _attributed(one: Observation) -> bool:
    return isinstance(one.result, Statement) and one.result.verb_or_quoted


def _rendered(number: int, one: Rendered, heard: Heard) -> Iterator[str]:
    if len(one.outlets) > 1:
        yield f"{number}. one statement in {len(one.outlets)} outlets"
    else:
        yield f"{number}. in {one.outlets[0] or 'one source'} only"
    for each in one.prints:
        yield from _print(each, heard)
    for difference in one.differences:
        yield f"   ≠ {differs(difference, heard)}"
    yield ""


def head_line(one: Observation) -> str:
    """Who spoke, for whom, in which office, how, when and where first."""
    said = one.result
    if not isinstance(said, Statement):
        return ""
    who = said.speaker_printed or said.speaker
    office = f", {said.office}" if said.office and said.office != who else ""
    side = f" [{said.speaker}]" if said.speaker_printed else ""
    hidden = ", unnamed" if said.anonymous else ""
    day = f", said {_when(said.said, said.said_rounding)}" if said.said else ""
    channel = f", on {said.channel}" if said.channel else ""
    verb = f" ({said.verb})" if said.verb else ""
    return f"{who}{side}{office}{hidden}{verb}{day}{channel}"


def claim_lines(said: Statement) -> list[str]:
    """What in a statement can be checked, one line each."""
    return [told for claim in said.claims if (told := _claim(claim))]


def _print(one: Observation, heard: Heard) -> Iterator[str]:
    said = one.result
    if not isinstance(said, Statement):
        return
    yield f"   {said.outlet or one.row}: {head_line(one)}"
    quoted = heard.quoted.get(one.id, ())
    words = [f"“{q}”" for q in quoted] or [said.text]
    yield from (f"      {_cut(each)}" for each in words)
    yield from (f"      - {told}" for told in claim_lines(said))


def _claim(claim: Claim) -> str:
    parts = [claim.kind.value.replace("_", " ")]
    if claim.topic:
        parts.append(claim.topic.replace("_", " "))
    if claim.acts:
        parts.append(f"{claim.who or '?'}: {', '.join(a.value for a in claim.acts)}")
    parts.extend(_place(t.printed, t.name, t.place) for t in claim.toponyms)
    parts.extend(_number(q) for q in claim.quantities)
    if claim.time:
        parts.append(_when(claim.time, claim.rounding))
    if claim.condition:
        parts.append(f"condition: {claim.condition}")
    return " · ".join(parts) if len(parts) > 1 else ""


def _place(printed: str, name: str, place: object) -> str:
    match place:
        case Place():
            where = f"{place.lat_deg:.2f}, {place.lon_deg:.2f}"
            size = (
                f"± {place.semi_major_m / 1000:.0f} km, precision {where_prec(place)}"
            )
            return f"{printed} → {name} ({where} {size})"
        case Area():
            code = where_prec(place)
            return f"{printed} → {place.name} ({place.level}, precision {code})"
    return f"{printed} → not located"


def _number(one: Quantity) -> str:
    top = f"–{one.numeral_to}" if one.numeral_to else ""
    bound = (
        "" if one.bound.value == "exact" else f"{one.bound.value.replace('_', ' ')} "
    )
    tally = "" if one.tally.value == "unknown" else f" ({one.tally.value})"
    return f"{bound}{one.numeral}{top} {one.unit or one.counted}".rstrip() + tally


def _when(time: Period, rounding: Rounding) -> str:
    if rounding in (Rounding.DAY, Rounding.UNKNOWN):
        middle = time.begin + (time.end - time.begin) / 2
        days = round(time.duration_s / 86_400)
        if days <= 1:
            return f"{middle:%A} {middle:%Y-%m-%d}"
    return f"{iso(time.begin)} to {iso(time.end)}"


def differs(one: Difference, heard: Heard) -> str:
    """One difference, with both sides named."""
    outlets = {
        o.id: o.result.outlet
        for o in heard.observations
        if isinstance(o.result, Statement)
    }
    says = [_says(text) for text in (one.first_says, one.second_says)]
    first, second = outlets.get(one.first, "?"), outlets.get(one.second, "?")
    kind = f"{one.nature.value}, {one.aspect.value}"
    return f"{kind}: {first} {says[0]} | {second} {says[1]}"


def _says(text: str) -> str:
    return f"“{text.replace('_', ' ')}”" if text else "is silent"


def entry_lines(entry: RegisterEntry) -> Iterator[str]:
    """One subject of the register, its conditions and reports below it."""
    by = ", ".join(entry.by) or "nobody is said to have promised it"
    domains = f" · {', '.join(entry.domains)}" if entry.domains else ""
    yield f"  {entry.topic.replace('_', ' ')}: {by}{domains}"
    yield from (f"      condition: {each}" for each in entry.conditions)
    for name, reports in (
        ("promised", entry.promises),
        ("told", entry.facts),
        ("position", entry.positions),
    ):
        yield from (f"      {_report(name, one)}" for one in reports)
    for one in entry.conflicts:
        yield f"      ≠ {one.about}: {_report('', one.first)}"
        yield f"        against {_report('', one.second)}"


def _report(name: str, one: Report) -> str:
    span = f"characters {one.span.begin}–{one.span.end}"
    known = one.rounding is not Rounding.UNKNOWN
    said = _when(one.said, one.rounding) if known else "day not known"
    what = name or one.kind.replace("_", " ")
    return f"{what}: {one.speaker} [{one.by}], {one.outlet}, {span}, {said}"


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= WIDTH_CHARS else flat[: WIDTH_CHARS - 1] + "…"
