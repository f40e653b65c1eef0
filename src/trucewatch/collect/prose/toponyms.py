"""Places that words name: areas, waters, works, settlements and axes of advance.

A settlement's ellipse grows with its population; a name that several settlements
share is settled by the areas and settlements beside it, else by size, else left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, hypot, radians

from trucewatch.collect.prose.areas import (
    LOCATIVE,
    PROVINCE_CODES,
    Named,
    areas,
    phrases,
    place_words,
    word_before,
)
from trucewatch.collect.prose.gazetteer import Gazetteer, Settlement, folded
from trucewatch.collect.prose.mentions import Token, tokens
from trucewatch.place import Area, Place, Unlocated, Whereabouts

# 90 % radii by population: where in a settlement something was is not said. Judgement,
# checked against the annotated set (docs/statements.md).
_RADII_M = (
    (5_000, 3_000.0),
    (50_000, 5_000.0),
    (300_000, 8_000.0),
    (1_000_000, 12_000.0),
)
_LARGEST_M = 18_000.0
AXIS_M = 25_000.0  # "on the Lyman axis"
VICINITY_M = 15_000.0  # "near Lyman"
BESIDE_M = 150_000.0  # places of one sentence lie in one part of the country
LARGE_ALONE = 100_000  # and to be meant though all others named lie far away,
SEVERAL = 3  # where so many others are named
LARGE = 10_000  # inhabitants a bare name must have to be taken for a place
CLEARLY = 5  # so many times larger than the next of its name, it is meant

_CAPITALS = ("київ", "києв", "киев", "kyiv", "kiev", "москв", "moscow")
_WITH = ("с", "со", "з", "із", "зі")
_INSTRUMENTAL = ("ом", "ою", "ой")
# An adjective and its noun: "Dry Valley" is not the village Dry.
_AGREEING = (
    (("у", "ую"), ("у", "ю")), (("ої", "ой"), ("и", "ы", "і")),
    (("ій", "ой"), ("і", "е")), (("а", "ая"), ("а", "я")),
    (("ого",), ("а", "я")), (("ому",), ("у", "ю", "і", "е")),
)  # fmt: skip
_ADJECTIVAL = re.compile(r"(?:ий|ій|[сцз]ь?кі|ої|ой|ая|ие|ые|их|ых|[иы]ми|ую|ого|ому)$")
_WEAKLY = re.compile(r"[сцз]ьк[ау]$")  # of the town, or "Ukrainian" before a noun
_NUMBERED = re.compile(r"-\d")
_ATTACKED = re.compile(r"(?:атак|обстр|удар|вдар|бомб|shell|attack|str[iu]ck)\w*")
_LISTED = re.compile(
    r"(?:[А-ЯІЇЄҐA-Z][\w'-]+|област[иі]|обл\.?)(?:,| и| і| та| й| and)\s$"
)
_LISTS = re.compile(
    r"(?:,| и| і| та| й| and) [А-ЯІЇЄҐA-Z][а-яіїєґa-z'-]{3,}(?:,| [иітйa])"
)
_INITIALS = re.compile(r"[А-ЯІЇЄҐA-Z]{2,5}$")


def toponyms(
    text: str,
    begin: int,
    end: int,
    gazetteer: Gazetteer,
    taken: Iterable[tuple[int, int]] = (),
) -> list[Named]:
    """Every place named in ``[begin, end)`` outside ``taken`` (names of speakers)."""
    found = list(phrases(text, begin, end))
    blocked = [*taken, *((one.begin, one.end) for one in found)]
    words = [
        t
        for t in tokens(text, begin, end)
        if not any(a < t.end and t.begin < b for a, b in blocked)
    ]
    found.extend(areas(text, words))
    blocked.extend((one.begin, one.end) for one in found)
    free = [t for t in words if not any(a < t.end and t.begin < b for a, b in blocked)]
    open_names = list(_settlements(text, free, gazetteer))
    provinces = [
        n for n in found if isinstance(n.place, Area) and n.place.level == "province"
    ]
    found.extend(_settled(text, open_names, provinces))
    return sorted(found, key=lambda n: n.begin)


@dataclass(frozen=True, slots=True)
class _Open:
    token: Token
    end: int
    candidates: tuple[Settlement, ...]
    axis: bool
    near: bool
    sure: bool


def _settlements(
    text: str, words: list[Token], gazetteer: Gazetteer
) -> Iterator[_Open]:
    at = 0
    while at < len(words):
        token = words[at]
        step = 1
        axis = at + 1 < len(words) and place_words("direction").fullmatch(
            words[at + 1].text
        )
        if (token.capital or axis) and not _in_name_or_marks(text, words, at):
            one, step = _longest(text, words, at, gazetteer)
            if one:
                yield one
        at += step


def _longest(
    text: str, words: list[Token], at: int, gazetteer: Gazetteer
) -> tuple[_Open | None, int]:
    following = words[at + 1] if at + 1 < len(words) else None
    if following and place_words("direction").fullmatch(following.text):
        found = gazetteer.of_adjective(words[at].text)
        if not found:
            found = (
                gazetteer.named([words[at].text]) if words[at].text.isascii() else []
            )
        if found:
            one = _Open(words[at], following.end, tuple(found), True, False, True)
            return one, 2
        return None, 1
    if following and place_words("district").fullmatch(following.text):
        return None, 2
    for length in range(min(gazetteer.longest, 4), 0, -1):
        run = words[at : at + length]
        if len(run) < length or not _one_name(text, run):
            continue
        parts = [p for t in run for p in t.text.removesuffix("'s").split("-")]
        found = gazetteer.named(parts)
        named = _open(text, words, at, run, found) if found else None
        if named:
            return named, length
    return None, 1


def _one_name(text: str, run: list[Token]) -> bool:
    glued = all(
        text[a.end : b.begin] in (" ", "-") for a, b in zip(run, run[1:], strict=False)
    )
    short = len(run) == 1 and (len(run[0].text) < 3 or _INITIALS.match(run[0].text))
    return glued and not short and all(t.capital for t in run)


def _open(
    text: str, words: list[Token], at: int, run: list[Token], found: list[Settlement]
) -> _Open | None:
    first = run[0]
    before = word_before(text, first)
    near = bool(
        re.search(
            rf"(?<!\w){place_words('near').pattern}\s+$",
            text[: first.begin],
            re.IGNORECASE,
        )
    ) and before not in ("у", "в")
    sure = before in LOCATIVE or near or len(run) > 1
    low = folded(first.text)
    meant = before in LOCATIVE or _ATTACKED.match(before)
    joined = before in _WITH and low.endswith(_INSTRUMENTAL)  # "talks with Kyiv"
    if len(run) == 1 and low.startswith(_CAPITALS) and (joined or not meant):
        return None
    if len(run) == 1 and _goes_on(text, words, at):
        return None
    if _NUMBERED.match(text, run[-1].end):
        return None  # a team, a ship, a hall
    bare = not (sure or _beside(text, words, at))
    adjective = _ADJECTIVAL.search(low) or (not before and _WEAKLY.search(low))
    if bare and (found[0].population < LARGE or adjective):
        return None
    return _Open(first, run[-1].end, tuple(found), False, near, sure)


def _goes_on(text: str, words: list[Token], at: int) -> bool:
    """Whether the next word agrees with this one: a longer name, not in the list."""
    following = words[at + 1] if at + 1 < len(words) else None
    one = words[at]
    if not following or not following.capital or text[one.end : following.begin] != " ":
        return False
    pairs = ((one.low.endswith(a), following.low.endswith(b)) for a, b in _AGREEING)
    return any(both == (True, True) for both in pairs)


def _beside(text: str, words: list[Token], at: int) -> bool:
    """Whether the name stands in a list of names ("A, B and C")."""
    before = text[: words[at].begin]
    return bool(_LISTED.search(before) or _LISTS.match(text, words[at].end))


def _in_name_or_marks(text: str, words: list[Token], at: int) -> bool:
    """Whether the word is part of a person's name or a name in quotation marks."""
    token = words[at]
    if text[token.begin - 1 : token.begin] in ('"', "«", "“") and token.begin:
        return True
    if at == 0:
        return False
    before = words[at - 1]
    glued = text[before.end : token.begin] == " "
    first_name = before.capital and glued and len(before.text) > 2
    starts = before.begin == 0 or text[max(0, before.begin - 2) : before.begin].strip(
        " "
    ) in (".", ":", "!", "?")
    known = before.low in LOCATIVE
    return first_name and not starts and not known and not before.text.isupper()


def _settled(text: str, found: list[_Open], provinces: list[Named]) -> Iterator[Named]:
    keys = {n.key for n in provinces}
    fixed = [o.candidates[0] for o in found if len(o.candidates) == 1 or _clear(o)]
    for one in found:
        fitting = _fitting(one, keys, [f for f in fixed if f not in one.candidates])
        begin, end = one.token.begin, one.end
        if not fitting:
            yield Named(begin, end, "", Unlocated(), ())
            continue
        ids = tuple(s.id for s in fitting)
        if len(fitting) > 1 and not _is_clear(fitting) and not one.axis:
            yield Named(begin, end, "", _around(fitting), ids)
            continue
        best = fitting[0]
        radius = AXIS_M if one.axis else VICINITY_M if one.near else radius_m(best)
        place = Place.circle(best.lat_deg, best.lon_deg, radius)
        yield Named(begin, end, best.name, place, ids)


def _clear(one: _Open) -> bool:
    return _is_clear(list(one.candidates))


def _is_clear(candidates: list[Settlement]) -> bool:
    if len(candidates) < 2:
        return True
    return candidates[0].population >= CLEARLY * max(1, candidates[1].population)


def _fitting(
    one: _Open, provinces: set[str], fixed: list[Settlement]
) -> list[Settlement]:
    """Candidates that the areas and settlements beside the name allow, best first."""
    left = list(one.candidates)
    codes = {code for key in provinces for code in PROVINCE_CODES.get(key, ())}
    if codes:
        inside = [s for s in left if s.province in codes]
        if inside or left[0].population < LARGE:
            left = inside
    if fixed and left:
        beside = [s for s in left if min(apart_m(s, f) for f in fixed) <= BESIDE_M]
        limit = LARGE_ALONE if len(fixed) >= SEVERAL else LARGE
        if beside or left[0].population < limit:
            left = beside
        if len(beside) > 1 and not _is_clear(beside):
            left = sorted(
                beside, key=lambda s: (min(apart_m(s, f) for f in fixed), s.id)
            )[:1]
    return left


def radius_m(one: Settlement) -> float:
    """90 % radius of "somewhere in or at" a settlement of its size."""
    return next((r for most, r in _RADII_M if one.population <= most), _LARGEST_M)


def apart_m(one: Settlement, other: Settlement) -> float:
    """Distance over the ground, to a percent within one country."""
    mean = radians((one.lat_deg + other.lat_deg) / 2)
    north = (one.lat_deg - other.lat_deg) * 111_200.0
    return hypot(north, (one.lon_deg - other.lon_deg) * 111_300.0 * cos(mean))


def _around(candidates: list[Settlement]) -> Whereabouts:
    """One circle around all candidates; unlocated where it would span a country."""
    lat = sum(s.lat_deg for s in candidates) / len(candidates)
    lon = sum(s.lon_deg for s in candidates) / len(candidates)
    middle = Settlement("", "", lat, lon, 0, "")
    reach = max(apart_m(middle, s) + radius_m(s) for s in candidates)
    return Place.circle(lat, lon, reach) if reach <= BESIDE_M else Unlocated()
