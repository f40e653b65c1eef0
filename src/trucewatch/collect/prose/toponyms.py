"""Places that words name: areas, waters, works, settlements and axes of advance.

A settlement's ellipse grows with its population; a name that several settlements
share is settled by the areas and settlements beside it, else by size, else left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import cos, hypot, radians

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from trucewatch.collect.prose.gazetteer import Gazetteer, Settlement, folded
from trucewatch.collect.prose.mentions import Token, tokens
from trucewatch.collect.prose.rules import FOLDER
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
LARGE = 10_000  # inhabitants a bare name must have to be taken for a place
CLEARLY = 5  # so many times larger than the next of its name, it is meant

_LOCATIVE = frozenset(
    "в у во на під під біля поблизу над по за через із з из с до под возле вблизи около "
    "районі районе район районом місті місто міста містом городе город городом селі селе село "
    "селом села сел селах поселке поселком селища селищі селище поселок поселку м с г смт пос населенном "
    "пункте населеному пункті in near at of on around over from to outside toward towards "
    "western eastern northern southern central à de près"
    .split()
)  # fmt: skip
_CAPITALS = ("київ", "києв", "киев", "kyiv", "kiev", "москв", "moscow")
_ADJECTIVAL = re.compile(
    r"(?:ий|ій|[сцз]ьк[аіу]|ої|ой|ая|ие|ые|их|ых|ими|ыми|ую|ого|ому)$"
)
_INITIALS = re.compile(r"[А-ЯІЇЄҐA-Z]{2,5}$")


class _Area(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    level: str
    foreign: bool = False
    whole: bool = False
    needs_strike: bool = False
    adjective: tuple[str, ...] = ()
    noun: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class _Work(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    name: str
    lat_deg: float
    lon_deg: float
    radius_m: float
    names: tuple[str, ...]


class _Places(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    areas: tuple[_Area, ...]
    works: tuple[_Work, ...]
    words: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Named:
    """A place named at characters ``[begin, end)``.

    Attributes:
        key: of an area or a work, its key; of a settlement, its name; else empty.
        candidates: ids in the gazetteer, the most probable first.
    """

    begin: int
    end: int
    key: str
    place: Whereabouts
    candidates: tuple[str, ...] = ()


@cache
def _places() -> _Places:
    text = (files(FOLDER) / "places.yaml").read_text("utf-8")
    return _Places.model_validate(YAML(typ="safe", pure=True).load(text))


@cache
def _word(kind: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(_places().words[kind])})", re.IGNORECASE)


@cache
def _phrases() -> re.Pattern[str]:
    names = [n for a in _places().areas for n in a.names]
    names += [n for w in _places().works for n in w.names]
    longest = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{longest})(?!\w)", re.IGNORECASE)


def toponyms(
    text: str,
    begin: int,
    end: int,
    gazetteer: Gazetteer,
    taken: Iterable[tuple[int, int]] = (),
) -> list[Named]:
    """Every place named in ``[begin, end)`` outside ``taken`` (names of speakers)."""
    found = list(_by_phrase(text, begin, end))
    blocked = [*taken, *((one.begin, one.end) for one in found)]
    words = [
        t
        for t in tokens(text, begin, end)
        if not any(a < t.end and t.begin < b for a, b in blocked)
    ]
    found.extend(_areas(text, words))
    blocked.extend((one.begin, one.end) for one in found)
    free = [t for t in words if not any(a < t.end and t.begin < b for a, b in blocked)]
    open_names = list(_settlements(text, free, gazetteer))
    provinces = [
        n for n in found if isinstance(n.place, Area) and n.place.level == "province"
    ]
    found.extend(_settled(text, open_names, provinces))
    return sorted(found, key=lambda n: n.begin)


def _by_phrase(text: str, begin: int, end: int) -> Iterator[Named]:
    by_name = {n: a for a in _places().areas for n in a.names}
    works = {n: w for w in _places().works for n in w.names}
    for match in _phrases().finditer(text, begin, end):
        low = match[0].lower()
        if low in works:
            w = works[low]
            place = Place.circle(w.lat_deg, w.lon_deg, w.radius_m)
            yield Named(match.start(), match.end(), w.key, place)
        elif match[0][0].isupper() or " " in low:
            area = by_name[low]
            where = Area(area.key, area.level)
            yield Named(match.start(), match.end(), area.key, where)


def _areas(text: str, words: list[Token]) -> Iterator[Named]:
    for at, token in enumerate(words):
        if not (token.capital or _is_lower_area(token, words, at)):
            continue
        low = folded(token.text.removesuffix("'s"))
        for area in _places().areas:
            if _is_noun(low, area) and _meant(text, token, area):
                yield Named(
                    token.begin, token.end, area.key, Area(area.key, area.level)
                )
                break
            if _is_adjective(low, area):
                until = _area_ends(text, words, at, area)
                if until:
                    yield Named(
                        token.begin, until, area.key, Area(area.key, area.level)
                    )
                    break


def _is_lower_area(token: Token, words: list[Token], at: int) -> bool:
    """In Russian the adjective of an area may begin small ("курском приграничье")."""
    following = words[at + 1] if at + 1 < len(words) else None
    return bool(following and _word("province").fullmatch(following.text))


def _is_noun(low: str, area: _Area) -> bool:
    if area.whole:
        return low in area.noun
    return any(low.startswith(s) and len(low) - len(s) <= 3 for s in area.noun)


def _is_adjective(low: str, area: _Area) -> bool:
    for one in area.adjective:
        rest = low[len(one) :]
        if low.startswith(one) and (not rest or (len(rest) <= 3 and not one.isascii())):
            return True
    return False


def _meant(text: str, token: Token, area: _Area) -> bool:
    """Whether a capital is meant as a place and not as who rules there."""
    if not area.needs_strike:
        return True
    return _before(text, token) in _LOCATIVE


def _before(text: str, token: Token) -> str:
    match = re.search(r"([\w'-]+)[\s\"«“]+$", text[: token.begin])
    return match[1].lower() if match else ""


def _area_ends(text: str, words: list[Token], at: int, area: _Area) -> int:
    """Where an area named by its adjective ends; 0 if the adjective names none."""
    if area.whole:
        following = words[at + 1] if at + 1 < len(words) else None
        near = following and following.begin - words[at].end <= 1
        if near and following and _word("province").fullmatch(following.text):
            return following.end
        return 0
    step = at + 1
    while step < len(words):
        token = words[step]
        low = folded(token.text)
        if _word("province").fullmatch(token.text):
            return token.end if step == at + 1 else words[at].end
        listed = any(_is_adjective(low, one) for one in _places().areas)
        if not (
            listed
            or token.text in ",—–"
            or low in ("и", "і", "й", "та", "and", "et", "народной", "народна")
        ):
            break
        step += 1
    direction = at + 1 < len(words) and _word("direction").fullmatch(words[at + 1].text)
    if direction and area.foreign:
        return words[at + 1].end
    if area.foreign and (step == len(words) or not words[step].text[0].isalpha()):
        return words[at].end
    return words[at].end if _listed_behind(text, words, at) else 0


def _listed_behind(text: str, words: list[Token], at: int) -> bool:
    """In English a list of areas may follow its word ("regions — A, B and C")."""
    step = at - 1
    while step >= 0:
        token = words[step]
        if _word("province").fullmatch(token.text):
            return token.text.isascii()
        low = folded(token.text)
        listed = any(_is_adjective(low, one) for one in _places().areas)
        if not (listed or token.text in ",—–:-" or low in ("and", "of", "et")):
            return False
        step -= 1
    return False


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
        if token.capital and not _in_name_or_marks(text, words, at):
            one, step = _longest(text, words, at, gazetteer)
            if one:
                yield one
        at += step


def _longest(
    text: str, words: list[Token], at: int, gazetteer: Gazetteer
) -> tuple[_Open | None, int]:
    following = words[at + 1] if at + 1 < len(words) else None
    if following and _word("direction").fullmatch(following.text):
        found = gazetteer.of_adjective(words[at].text)
        if not found:
            found = (
                gazetteer.named([words[at].text]) if words[at].text.isascii() else []
            )
        if found:
            one = _Open(words[at], following.end, tuple(found), True, False, True)
            return one, 2
        return None, 1
    if following and _word("district").fullmatch(following.text):
        return None, 2
    for length in range(min(gazetteer.longest, 4), 0, -1):
        run = words[at : at + length]
        if len(run) < length or not _one_name(text, run):
            continue
        parts = [p for t in run for p in t.text.removesuffix("'s").split("-")]
        found = gazetteer.named(parts)
        if found and (one := _open(text, words, at, run, found)):
            return one, length
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
    before = _before(text, first)
    near = bool(
        re.search(
            rf"(?<!\w){_word('near').pattern}\s+$", text[: first.begin], re.IGNORECASE
        )
    ) and before not in ("у", "в")
    sure = before in _LOCATIVE or near or len(run) > 1
    low = folded(first.text)
    if len(run) == 1 and low.startswith(_CAPITALS) and before not in _LOCATIVE:
        return None
    if not (sure or _beside(text, words, at)):
        if found[0].population < LARGE or _ADJECTIVAL.search(low):
            return None
    return _Open(first, run[-1].end, tuple(found), False, near, sure)


def _beside(text: str, words: list[Token], at: int) -> bool:
    """Whether the name stands in a list of names ("A, B and C")."""
    before = text[: words[at].begin]
    return bool(re.search(r"[А-ЯІЇЄҐA-Z][\w'-]+(?:,| и| і| та| й| and)\s$", before))


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
    known = before.low in _LOCATIVE
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
        if beside or left[0].population < LARGE:
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


# First-level codes of GeoNames (FIPS 10-4) for the provinces above. A province's
# capital may carry a code of its own.
PROVINCE_CODES: dict[str, tuple[str, ...]] = {
    "Cherkasy": ("01",), "Chernihiv": ("02",), "Chernivtsi": ("03",),
    "Dnipropetrovsk": ("04",), "Donetsk": ("05",), "Ivano-Frankivsk": ("06",),
    "Kharkiv": ("07",), "Kherson": ("08",), "Khmelnytskyi": ("09",),
    "Kirovohrad": ("10",), "Crimea": ("11", "20"), "Kyiv": ("12", "13"),
    "Luhansk": ("14",), "Lviv": ("15",), "Mykolaiv": ("16",), "Odesa": ("17",),
    "Poltava": ("18",), "Rivne": ("19",), "Sumy": ("21",), "Ternopil": ("22",),
    "Vinnytsia": ("23",), "Volyn": ("24",), "Zakarpattia": ("25",),
    "Zaporizhzhia": ("26",), "Zhytomyr": ("27",), "Donbas": ("05", "14"),
}  # fmt: skip
