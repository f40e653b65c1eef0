"""The rules of one language: lists of words and patterns, read from a data file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from trucewatch.agreement.taxonomy import Act, Domain

FOLDER = "trucewatch.collect.prose"
LANGUAGES = ("en", "fr", "ru", "uk")


class Rules(BaseModel):
    """How one language says who said what.

    Words are lower case; ``verbs`` (by what the speaker does), ``participle``,
    ``nominal``, ``report_in``, ``agent`` (how a word for a person ends), ``sides``,
    ``people`` and ``channels`` are regular expressions. ``people`` are holders of
    public office, for their side alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    order: str
    abbreviations: frozenset[str]
    verbs: dict[str, tuple[str, ...]]
    participle: str
    according: tuple[str, ...]
    nominal: str
    report_in: str = "(?!)"
    pronouns: dict[str, str]
    titles: frozenset[str]
    groups: frozenset[str]
    anonymous: frozenset[str]
    modifiers: frozenset[str]
    connectors: frozenset[str]
    institutions: frozenset[str]
    stop: frozenset[str]
    between: frozenset[str]
    not_speaker: frozenset[str] = Field(default=frozenset())
    agent: str = "(?!)"
    sides: dict[str, tuple[str, ...]]
    people: dict[str, tuple[str, ...]]
    channels: dict[str, str]
    numerals: dict[float, tuple[str, ...]]
    joins: str = "(?!)"
    rises: str = "(?!)"
    scales: dict[int, tuple[str, ...]]
    fractions: dict[int, tuple[str, ...]]
    not_number_before: tuple[str, ...]
    not_number_after: tuple[str, ...]
    designation_after: str
    bounds: dict[str, tuple[str, ...]]
    cumulative: tuple[str, ...]
    increment: tuple[str, ...]
    units: dict[str, tuple[str, ...]]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    relative: dict[str, tuple[str, ...]]
    future: tuple[str, ...]
    acts: dict[Act, tuple[str, ...]]
    topics: dict[str, tuple[str, ...]]
    commits: tuple[str, ...]
    refuses: tuple[str, ...]
    threats: tuple[str, ...]
    agrees: tuple[str, ...]
    schedules: tuple[str, ...]
    condition: str
    domains: dict[Domain, tuple[str, ...]]


@cache
def rules(language: str) -> Rules:
    """The rules of a language; those of English where it has none."""
    name = language if language in LANGUAGES else "en"
    text = (files(FOLDER) / "languages" / f"{name}.yaml").read_text("utf-8")
    return Rules.model_validate(YAML(typ="safe", pure=True).load(text))


@cache
def verb_pattern(language: str) -> re.Pattern[str]:
    """One pattern for all verbs of speaking; the group that matched names the kind."""
    kinds = rules(language).verbs.items()
    # Longer forms first, so that "ruled out" is not read as "ruled".
    each = (f"(?P<{kind}>{'|'.join(forms)})" for kind, forms in reversed(kinds))
    return re.compile(rf"(?<![\w'-])(?:{'|'.join(each)})(?![\w-])", re.IGNORECASE)


@cache
def side_patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Which words belong to which party or body."""
    sides = rules(language).sides.items()
    return tuple((side, words(forms)) for side, forms in sides)


@cache
def people_patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Which names of office-holders belong to which party or body."""
    people = rules(language).people.items()
    return tuple((side, words(forms)) for side, forms in people)


@cache
def channel_patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Which words name the channel that something first appeared on."""
    named = rules(language).channels.items()
    return tuple((name, re.compile(form, re.IGNORECASE)) for name, form in named)


def words(forms: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of these forms, as whole words, whatever their case."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])", re.IGNORECASE)


@cache
def act_patterns(language: str) -> tuple[tuple[Act, re.Pattern[str]], ...]:
    """Which words name which act, the more special first."""
    return tuple((act, words(forms)) for act, forms in rules(language).acts.items())


@cache
def topic_patterns(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Which words name which subject of an agreement."""
    topics = rules(language).topics.items()
    return tuple((topic, words(forms)) for topic, forms in topics)


@cache
def agent_pattern(language: str) -> re.Pattern[str]:
    """A word that ends as words for persons of a trade or place do."""
    return re.compile(rf"\w{{2,}}(?:{rules(language).agent})")


@cache
def domain_patterns(language: str) -> tuple[tuple[Domain, re.Pattern[str]], ...]:
    """Which words name which domain."""
    domains = rules(language).domains.items()
    return tuple((domain, words(forms)) for domain, forms in domains)


@cache
def cue(language: str, name: str) -> re.Pattern[str]:
    """The words of one list: ``commits``, ``refuses``, ``threats``, ``agrees``, ….

    Raises:
        LookupError: if the rules have no such list.
    """
    r = rules(language)
    lists = {
        "commits": r.commits,
        "refuses": r.refuses,
        "threats": r.threats,
        "agrees": r.agrees,
        "schedules": r.schedules,
    }
    return words(lists[name])
