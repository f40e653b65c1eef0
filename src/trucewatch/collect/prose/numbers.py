"""Numbers that words give, with what they count; names of things are not numbers.

"S-300", "the 106th division" and dates hold digits and count nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from trucewatch.collect.claim import Bound, Tally
from trucewatch.collect.prose.rules import Rules, rules, verb_pattern

_NO_THINGS = """
including yet were est sont was struck hit fell left came went took over near into
"""
_OTHERS = frozenset(_NO_THINGS.split())
MAX_DIGITS = 15  # longer strings of digits are identifiers
NEAR_CHARS = 60  # so far may "since the beginning" stand from its number

COUNTED_WORDS = 3
_COUNTED = re.compile(r"\s?([^\W\d_][\w'-]*)")
_ENDS_ED = re.compile(r"[a-z]{2}(?:ed|ing)$")
_ADVERB = re.compile(r"\s?[a-z]+ly\s[a-z]+ed(?=\s[a-z])")  # "partially occupied"
_ORDINAL = re.compile(r"-[а-яіїє]{1,3}(?!\w)")
_MODEL = re.compile(r"(?<![\w-])(?!(?:of|the)\b)[A-Za-z][A-Za-z-]+\s$")  # "Leopard 1"
_YEAR = re.compile(r"199\d|20(?:0[1-9]|[1-3]\d)")  # 2000 of something is a number
_THOUSANDS_DOT = re.compile(r"\d{1,3}(?:\.\d{3})+")
_SIGNS = {"€": "EUR", "$": "USD", "₴": "UAH", "₽": "RUB"}
_LINKS = ("of", "de", "d'")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at characters ``[begin, end)``, its unit included.

    Attributes:
        numeral: exact, in decimal digits; a fraction as ``2/3``.
        numeral_to: upper end of a range; else empty.
        what: the words behind it, up to four; empty where none follow.
    """

    begin: int
    end: int
    numeral: str
    numeral_to: str
    unit: str
    what: str
    bound: Bound
    tally: Tally


_FOUR_TWENTIES = re.compile(r"quatre[\s-]vingts?", re.IGNORECASE)
THOUSAND = 1000
_Table = tuple[tuple[re.Pattern[str], Decimal], ...]


@dataclass(frozen=True, slots=True)
class _Forms:
    latin: bool
    point: bool
    number: re.Pattern[str]
    words: re.Pattern[str]
    values: _Table
    scales: _Table
    fractions: _Table
    units: tuple[tuple[re.Pattern[str], str], ...]
    bounds: tuple[tuple[re.Pattern[str], Bound], ...]
    rises: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    designation: re.Pattern[str]
    verb: re.Pattern[str]
    stop: frozenset[str]
    increment: re.Pattern[str]
    cumulative: re.Pattern[str]


def numbers(
    text: str,
    begin: int,
    end: int,
    rules_: Rules,
    taken: Iterable[tuple[int, int]] = (),
) -> list[Number]:
    """Every number in ``[begin, end)`` outside the spans already ``taken`` by dates."""
    forms = _forms(rules_.language)
    occupied = list(taken)
    found: list[Number] = []
    for match in forms.number.finditer(text, begin, end):
        if any(a < match.end() and match.start() < b for a, b in occupied):
            continue
        ordinal = match["one"][0].isdigit() and _ORDINAL.match(text, match.end("one"))
        if ordinal or forms.designation.match(text, match.end(), end):
            continue
        if _idiom(text, match, forms, end):
            continue
        made = _made(text, match, forms, end)
        if made:
            found.append(made)
    return found


@cache
def _forms(language: str) -> _Forms:
    r = rules(language)
    values = [(n, f) for n, forms in r.numerals.items() for f in forms]
    scales = [(n, f) for n, forms in r.scales.items() for f in forms]
    parts = [(n, f) for n, forms in r.fractions.items() for f in forms]
    unit_forms = [(u, f) for u, forms in r.units.items() for f in forms]
    word = "|".join(sorted((f for _, f in values), key=len, reverse=True))
    scale = "|".join(f for _, f in scales)
    part = "|".join(f for _, f in parts)
    digits = r"\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d{1,3}(?:\.\d{3}){2,}|\d+(?:[.,]\d+)?"
    worded = rf"(?:{word})(?:[\s-](?:{r.joins}[\s-])?(?:{word}|{scale})(?!\w))*"
    one = rf"(?:{digits}|{worded})"
    number = re.compile(
        rf"(?<![\w.,:/№#№-])(?P<one>{one})"
        rf"(?:\s?[–-]\s?(?P<two>\d+(?:[.,]\d+)?)(?![\w-]))?"
        rf"(?:[\s-]?(?P<fraction>{part})(?!\w)|\s?(?P<scale>{scale})(?!\w)\.?)?"
        rf"(?:(?P<percent>\s?%)|(?![\w/'’]))",
        re.IGNORECASE,
    )
    return _Forms(
        latin=r.order == "western",
        point=language == "en",
        number=number,
        words=re.compile(word, re.IGNORECASE),
        values=_ranked(values),
        scales=_ranked(scales),
        fractions=_ranked(parts),
        units=tuple((_word(f), u) for u, f in unit_forms),
        bounds=tuple(
            (_ends(f), Bound(b)) for b, forms in r.bounds.items() for f in forms
        ),
        rises=re.compile(rf"(?:{r.rises})\s*$", re.IGNORECASE),
        before=_ends("|".join(r.not_number_before)),
        after=re.compile(rf"\s(?:{'|'.join(r.not_number_after)})(?!\w)", re.IGNORECASE),
        designation=re.compile(r.designation_after, re.IGNORECASE),
        verb=verb_pattern(language),
        stop=r.stop | r.between | _OTHERS,
        increment=re.compile("|".join(r.increment), re.IGNORECASE),
        cumulative=re.compile("|".join(r.cumulative), re.IGNORECASE),
    )


def _ranked(items: Iterable[tuple[float, str]]) -> _Table:
    return tuple(
        (re.compile(form, re.IGNORECASE), Decimal(str(n))) for n, form in items
    )


def _word(form: str) -> re.Pattern[str]:
    return re.compile(rf"[\s-]?(?:{form})(?!\w)", re.IGNORECASE)


def _ends(form: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{form})\s*(?:чем на |than |на |в |у )?$", re.IGNORECASE
    )


def _idiom(text: str, match: re.Match[str], forms: _Forms, end: int) -> bool:
    """Whether a number word counts nothing here ("one of", "not one")."""
    if match["one"][0].isdigit() and not re.match(
        r"[№#]", text[match.start() - 1 : match.start()]
    ):
        lead = text[max(0, match.start() - 12) : match.start()]
        return bool(
            re.search(r"(?:№|#|no\.|part|часть|частина)\s*$", lead, re.IGNORECASE)
        )
    before = text[max(0, match.start() - 20) : match.start()]
    single = _value(match["one"], forms) == 1
    return single and bool(
        forms.before.search(before) or forms.after.match(text, match.end(), end)
    )


def _made(text: str, match: re.Match[str], forms: _Forms, end: int) -> Number | None:
    value = _value(match["one"], forms)
    if match["scale"] and "," in match["one"]:
        value = Decimal(match["one"].replace(" ", "").replace(",", "."))
    if value is None or len(re.sub(r"\D", "", match["one"])) > MAX_DIGITS:
        return None
    factor = _lookup(match["scale"], forms.scales) or 1
    low = _written(value * factor)
    if match["fraction"]:
        low = f"{_written(value)}/{_lookup(match['fraction'], forms.fractions)}"
    top = match["two"]
    high = _written(Decimal(top.replace(",", ".")) * factor) if top else ""
    unit, stop = ("percent", match.end()) if match["percent"] else ("", match.end())
    if not unit:
        unit, stop = _unit(text, stop, end, forms)
    if unit == "year" and re.fullmatch(r"(?:19|20)\d\d", low):
        return None  # the year 2025, not 2025 years
    what = "" if unit else _counted(text, stop, end, forms)
    unit = unit or _SIGNS.get(text[max(0, match.start() - 1) : match.start()], "")
    if not (unit or what) and _is_name(text, match, forms):
        return None
    near = text[max(0, match.start() - NEAR_CHARS) : match.end() + NEAR_CHARS]
    return Number(
        begin=match.start(),
        end=stop,
        numeral=low,
        numeral_to=high,
        unit=unit,
        what=what,
        bound=_bound(text[max(0, match.start() - 30) : match.start()], match, forms),
        tally=_tally(near, forms),
    )


def _is_name(text: str, match: re.Match[str], forms: _Forms) -> bool:
    """Whether a number that counts nothing named is a year or part of a name."""
    ends = [one for one in (match["one"], match["two"]) if one]
    if not match["scale"] and all(_YEAR.fullmatch(one) for one in ends):
        return True
    return not forms.latin and bool(_MODEL.search(text[: match.start()]))


def _counted(text: str, where: int, end: int, forms: _Forms) -> str:
    """Up to three words behind a number, up to the first that counts no thing."""
    words: list[str] = []
    adverb = _ADVERB.match(text, where, end)
    where = adverb.end() if adverb else where
    while len(words) < COUNTED_WORDS:
        match = _COUNTED.match(text, where, end)
        if match is None:
            break
        word = match[1].lower()
        ends = word in forms.stop or forms.verb.fullmatch(word) or _ENDS_ED.search(word)
        if word not in _LINKS and ends:
            break
        words.append(match[1])
        where = match.end()
    while words and words[-1].lower() in _LINKS:
        words.pop()
    return " ".join(words)


def _value(words: str, forms: _Forms) -> Decimal | None:
    if words[0].isdigit():
        return _digits(words, point=forms.point)
    total = current = Decimal(0)
    for piece in re.split(r"[\s-]", _FOUR_TWENTIES.sub("quatrevingt", words)):
        number = _lookup(piece, forms.values)
        factor = _lookup(piece, forms.scales)
        many = factor and (current or factor >= THOUSAND)
        if number is not None and not many:
            current += number
        elif factor is None:
            continue  # "and" within a number
        elif factor < THOUSAND:
            current *= factor
        else:
            total, current = total + (current or 1) * factor, Decimal(0)
    return (total + current) or None


def _digits(words: str, *, point: bool) -> Decimal:
    """Digits as a number; ``point``: a single point marks decimals, not thousands."""
    if re.fullmatch(r"\d{1,3}(?:[ ,]\d{3})+", words):
        return Decimal(re.sub(r"[ ,]", "", words))
    if _THOUSANDS_DOT.fullmatch(words) and not (point and words.count(".") == 1):
        return Decimal(words.replace(".", ""))
    return Decimal(words.replace(" ", "").replace(",", "."))


def _lookup(word: str | None, table: _Table) -> Decimal | None:
    if not word:
        return None
    return next((n for form, n in table if form.fullmatch(word)), None)


def _written(number: Decimal) -> str:
    text = format(number.normalize() if number == number.to_integral() else number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _unit(text: str, where: int, end: int, forms: _Forms) -> tuple[str, int]:
    for form, unit in forms.units:
        if match := form.match(text, where, end):
            return unit, match.end()
    return "", where


def _bound(before: str, match: re.Match[str], forms: _Forms) -> Bound:
    if forms.rises.search(before):
        return Bound.EXACT  # "rose to 6" is six, not six at most
    found = (bound for form, bound in forms.bounds if form.search(before))
    alone = _lookup(match["one"], forms.scales) is not None  # "a dozen", "сотня"
    return next(found, Bound.ABOUT if alone else Bound.EXACT)


def _tally(near: str, forms: _Forms) -> Tally:
    if forms.cumulative.search(near):
        return Tally.CUMULATIVE
    return Tally.INCREMENT if forms.increment.search(near) else Tally.UNKNOWN
