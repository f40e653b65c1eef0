"""Named settlements with coordinates, found by any of their forms.

A gazetteer is a delivery of the user's: a table in the form of GeoNames with a header
(``geonameid,name,latitude,longitude,population,admin1code,alternatenames``, alternates
joined by ``|``; ``radius_m`` where somebody knows how large a place is). Without one,
prose still names areas; settlements stay unlocated.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite

from trucewatch.errors import SourceError

NEEDED = ("geonameid", "name", "latitude", "longitude", "population")
MAX_ROWS = 500_000
MAX_RADIUS_M = 100_000.0  # no settlement is larger

_CYRILLIC = re.compile(r"[\u0400-\u04ff'’ -]+")
_LATIN = re.compile(r"[A-Za-zÀ-ž'’ʼ -]+")
_ENDINGS = re.compile(
    r"(?:ями|ами|ого|ому|ими|ему|его|ой|ою|ої|ій|им|ым|их|ых|ий|ый|ая|яя|ое|ее|ую|юю|"
    r"ові|еві|єві|ом|ем|єм|ам|ям|ах|ях|ою|ею|єю|[аяиіїыеєоуюьй])$"
)
_VOWEL = re.compile(r"[іїоеє]([^аеиоуыэюяіїє]+)$")
_SOFT = (("ц", "к"), ("з", "г"), ("с", "х"))
_ADJECTIVE = re.compile(
    r"(?:ськ|зьк|цьк|ск|цк)(?:ого|ому|им|ом|ий|ій|ий|ое|ом|е|а|ую)$"
)
_LATIN_FOLDS = (
    ("kh", "h"), ("yi", "i"), ("iy", "i"), ("ii", "i"), ("yy", "i"), ("ye", "e"),
    ("ie", "e"), ("ya", "ia"), ("yu", "iu"), ("y", "i"), ("j", "i"), ("w", "v"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settlement:
    """One entry of a gazetteer; degrees on WGS 84, a point for its middle.

    Attributes:
        radius90_m: of the circle that holds what is said to be there with 90 %; 0
            where the entry does not say, and its population has to.
    """

    id: str
    name: str
    lat_deg: float
    lon_deg: float
    population: int
    province: str
    radius90_m: float = 0.0


@dataclass(slots=True)
class Gazetteer:
    """Settlements by the stems of their names."""

    by_stem: dict[tuple[str, ...], list[Settlement]] = field(default_factory=dict)
    by_adjective: dict[str, list[Settlement]] = field(default_factory=dict)
    longest: int = 1

    def add(self, one: Settlement, names: Iterable[str]) -> None:
        """Make a settlement findable by each of its names."""
        for name in names:
            for key in _keys_of_name(name):
                _put(self.by_stem.setdefault(key, []), one)
                self.longest = max(self.longest, len(key))
                for joined in _adjective_stems(key):
                    _put(self.by_adjective.setdefault(joined, []), one)

    def named(self, words: list[str]) -> list[Settlement]:
        """Settlements that words in some case may name, the largest first."""
        found: dict[str, Settlement] = {}
        for key in _keys_of_words(words):
            for one in self.by_stem.get(key, ()):
                found[one.id] = one
        return sorted(found.values(), key=lambda s: (-s.population, s.id))

    def of_adjective(self, word: str) -> list[Settlement]:
        """Settlements that an adjective ("of Lyman") may come from, largest first."""
        match = _ADJECTIVE.search(folded(word))
        if match is None:
            return []
        base = folded(word)[: match.start()]
        whole = self.named([base + match[0][: 2 if match[0][1] == "к" else 3]])
        weights: dict[str, tuple[int, Settlement]] = {}
        likely = [(one, 4) for one in whole] + [
            (one, 4) for one in self.by_stem.get((marked(base),), ())
        ]
        for shape in (base, re.sub(r"(?:ів|ов|ев|єв|їв)$", "", base)):
            near = self.by_adjective.get(marked(shape.rstrip("ь")), ())
            likely.extend((one, 2) for one in near)
        for one, times in likely:
            best = weights.get(one.id, (0, one))[0]
            weights[one.id] = (max(best, times), one)
        ranked = sorted(
            weights.values(), key=lambda w: (-w[0] * w[1].population, w[1].id)
        )
        return [one for _, one in ranked]


def read_gazetteer(raw: bytes) -> Gazetteer:
    """A gazetteer from the bytes of its table.

    Raises:
        SourceError: if it is not such a table.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"the gazetteer is not UTF-8: {error}"
        raise SourceError(msg) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = reader.fieldnames or []
    if missing := [name for name in NEEDED if name not in header]:
        msg = f"the gazetteer lacks columns {missing}; found: {list(header)[:12]}"
        raise SourceError(msg)
    made = Gazetteer()
    for number, row in enumerate(reader, start=2):
        if number > MAX_ROWS:
            msg = f"the gazetteer has more than {MAX_ROWS} rows"
            raise SourceError(msg)
        try:
            made.add(*entry_of(row))
        except ValueError as error:
            msg = f"line {number} of the gazetteer is unusable: {error}"
            raise SourceError(msg) from error
    return made


def _put(found: list[Settlement], one: Settlement) -> None:
    if one not in found:
        found.append(one)


def entry_of(row: Mapping[str, str]) -> tuple[Settlement, tuple[str, ...]]:
    """One row of the table: the settlement, and the names by which it is found.

    Raises:
        ValueError: if a cell is missing or no number, or lies nowhere on Earth.
    """
    lat, lon = _number(row, "latitude"), _number(row, "longitude")
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        msg = f"{lat}, {lon} is no place on Earth"
        raise ValueError(msg)
    known = row.get("radius_m") or ""
    radius = _number(row, "radius_m") if known else 0.0
    if known and not 0 < radius <= MAX_RADIUS_M:
        msg = f"a radius_m of {known} is none of a settlement"
        raise ValueError(msg)
    if not (row["geonameid"] and row["name"]):
        msg = "geonameid or name is empty"
        raise ValueError(msg)
    population = int(_number(row, "population") if row["population"] else 0)
    province = row.get("admin1code") or ""
    one = Settlement(
        row["geonameid"], row["name"], lat, lon, population, province, radius
    )
    return one, tuple(dict.fromkeys(_names(row)))


def _number(row: Mapping[str, str], name: str) -> float:
    """A finite number of a cell.

    Raises:
        ValueError: if it is none.
    """
    try:
        found = float(row[name])
    except (TypeError, ValueError):
        found = float("nan")
    if not isfinite(found):
        msg = f"{name} is {row[name]!r}, which is no number"
        raise ValueError(msg)
    return found


def _names(row: Mapping[str, str]) -> Iterator[str]:
    yield row["name"]
    start = row["name"][:2].lower()
    for name in (row.get("alternatenames") or "").split("|"):
        latin = bool(_LATIN.fullmatch(name))
        # Alternates in other languages are many and short; those alike are kept.
        if _CYRILLIC.fullmatch(name) or (
            latin and len(name) >= 5 and name[:2].lower() == start
        ):
            yield name


def folded(word: str) -> str:
    """Lower case, without apostrophes and with one letter for each pair of twins."""
    low = word.lower().replace("ё", "е").replace("ґ", "г")
    return re.sub(r"['’ʼ`]", "", low)


def marked(stem: str) -> str:
    """A stem whose last closed vowel is open: Kyiv and of-Kyiv differ there only."""
    return _VOWEL.sub(r"#\1", stem)


def stem(word: str) -> str:
    """What stays of a word of a name in all its cases."""
    low = folded(word)
    if low.isascii() or not _CYRILLIC.fullmatch(low):
        return latin(low)
    cut = _ENDINGS.sub("", low)
    return marked(cut if len(cut) >= 2 else low)


def latin(word: str) -> str:
    """One spelling for the romanisations of a name."""
    for old, new in _LATIN_FOLDS:
        word = word.replace(old, new)
    return re.sub(r"(.)\1", r"\1", word)


def _keys_of_name(name: str) -> Iterator[tuple[str, ...]]:
    words = [word for word in re.split(r"[\s-]+", name) if word]
    if not words:
        return
    yield tuple(stem(word) for word in words)
    last = folded(words[-1])
    if match := re.search(r"[еє](ць?)$", last):  # Kamianets, in Kamiants-i
        short = f"{last[: match.start()]}ц"
        yield (*(stem(w) for w in words[:-1]), short)


def _keys_of_words(words: list[str]) -> Iterator[tuple[str, ...]]:
    yield tuple(stem(word) for word in words)
    last = folded(words[-1])
    if not last.isascii() and len(last) > 4:  # "Lvov-i" ends like "Petr-ovi"
        yield (
            *(stem(w) for w in words[:-1]),
            marked(re.sub(r"[аеиіоуюяьї]$", "", last)),
        )
    for soft, hard in _SOFT:  # in the dative: Maryinka, of Maryints-i
        if last.endswith((f"{soft}і", f"{soft}е")):
            yield (*(stem(w) for w in words[:-1]), marked(f"{last[:-2]}{hard}"))


def _adjective_stems(key: tuple[str, ...]) -> Iterator[str]:
    joined = key[0] if len(key) == 1 else "о".join(key).replace("#", "е", len(key) - 1)
    if len(key) > 2 or len(joined) < 4:
        return
    yield marked(joined)
    if joined.endswith("к"):
        yield marked(joined[:-1])
        yield marked(re.sub(r"[#е]в$", "", joined[:-1]))
