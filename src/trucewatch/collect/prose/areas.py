"""Areas, waters and works that words name, from a data file of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from trucewatch.collect.prose.gazetteer import folded
from trucewatch.collect.prose.mentions import Token
from trucewatch.collect.prose.rules import FOLDER
from trucewatch.place import Area, Place, Whereabouts

# Words before a name that make it a place and not who rules there.
_LOCATIVE_WORDS = """
в у во на під біля поблизу над по за через із з из с до под возле вблизи около
районі районе район районом місті місто міста містом городе город городом селі селе
село селом села сел селах поселке поселком селища селищі селище поселок поселку м г
смт пос населенном пункте населеному пункті in near at of on around over from to
outside toward towards western eastern northern southern central à de près
"""
LOCATIVE = frozenset(_LOCATIVE_WORDS.split())
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


class _Area(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    level: str
    foreign: bool = False
    whole: bool = False
    capital: bool = False
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
def place_words(kind: str) -> re.Pattern[str]:
    """Any word of one kind: ``province``, ``district``, ``direction``, ``near``."""
    return re.compile(rf"(?:{'|'.join(_places().words[kind])})", re.IGNORECASE)


@cache
def _phrase_pattern() -> re.Pattern[str]:
    names = [n for a in _places().areas for n in a.names]
    names += [n for w in _places().works for n in w.names]
    longest = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{longest})(?!\w)", re.IGNORECASE)


def phrases(text: str, begin: int, end: int) -> Iterator[Named]:
    """Waters, works and areas named by a fixed phrase, in order."""
    by_name = {n: a for a in _places().areas for n in a.names}
    works = {n: w for w in _places().works for n in w.names}
    for match in _phrase_pattern().finditer(text, begin, end):
        low = match[0].lower()
        if low in works:
            w = works[low]
            place = Place.circle(w.lat_deg, w.lon_deg, w.radius_m)
            yield Named(match.start(), match.end(), w.key, place)
        elif match[0][0].isupper() or " " in low:
            area = by_name[low]
            where = Area(area.key, area.level)
            yield Named(match.start(), match.end(), area.key, where)


def areas(text: str, words: list[Token]) -> Iterator[Named]:
    """Areas named by a noun or an adjective, in order."""
    for at, token in enumerate(words):
        if token.capital or _is_lower_area(token, words, at):
            found = (_as_area(text, words, at, area) for area in _places().areas)
            if named := next(filter(None, found), None):
                yield named


def _as_area(text: str, words: list[Token], at: int, area: _Area) -> Named | None:
    token = words[at]
    low = folded(token.text.removesuffix("'s"))
    end = 0
    if _is_noun(low, area) and _meant(text, token, area):
        end = token.end
    elif _is_adjective(low, area):
        end = _area_ends(text, words, at, area)
    where = Area(area.key, area.level)
    return Named(token.begin, end, area.key, where) if end else None


def _is_lower_area(token: Token, words: list[Token], at: int) -> bool:
    """In Russian the adjective of an area may begin small ("курском приграничье")."""
    following = words[at + 1] if at + 1 < len(words) else None
    return bool(following and place_words("province").fullmatch(following.text))


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
    if not area.capital:
        return True
    return word_before(text, token) in LOCATIVE


def word_before(text: str, token: Token) -> str:
    """The word in front of another, in lower case; empty where a mark stands."""
    match = re.search(r"([\w'-]+)[\s\"«“]+$", text[: token.begin])
    return match[1].lower() if match else ""


def _area_ends(text: str, words: list[Token], at: int, area: _Area) -> int:
    """Where an area named by its adjective ends; 0 if the adjective names none."""
    if area.whole:
        following = words[at + 1] if at + 1 < len(words) else None
        near = following and following.begin - words[at].end <= 1
        if near and following and place_words("province").fullmatch(following.text):
            return following.end
        return 0
    step = at + 1
    while step < len(words):
        token = words[step]
        low = folded(token.text)
        if place_words("province").fullmatch(token.text):
            return token.end if step == at + 1 else words[at].end
        listed = any(_is_adjective(low, one) for one in _places().areas)
        if not (
            listed
            or token.text in ",—–"
            or low in ("и", "і", "й", "та", "and", "et", "народной", "народна")
        ):
            break
        step += 1
    direction = at + 1 < len(words) and place_words("direction").fullmatch(
        words[at + 1].text
    )
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
        if place_words("province").fullmatch(token.text):
            return token.text.isascii()
        low = folded(token.text)
        listed = any(_is_adjective(low, one) for one in _places().areas)
        if not (listed or token.text in ",—–:-" or low in ("and", "of", "et")):
            return False
        step -= 1
    return False
