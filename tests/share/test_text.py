import re
from pathlib import Path

import pytest

from trucewatch.agreement.taxonomy import Act
from trucewatch.collect.observation import Cause, StatementKind
from trucewatch.completeness.coverage import Watch
from trucewatch.completeness.held import Doubt
from trucewatch.detect.detection import Channel
from trucewatch.fuse.lineage.lineage import Tie
from trucewatch.grade.compliance import Kept
from trucewatch.grade.finding import (
    Attributed,
    ContradictionKind,
    Grade,
    Severity,
    Standing,
)
from trucewatch.grade.reasons import Reason, SideReason
from trucewatch.grade.register import ConflictKind
from trucewatch.grade.renderings import Aspect, Nature
from trucewatch.review.decision import Verdict
from trucewatch.share import page, text
from trucewatch.share.release import Release, Stage
from trucewatch.share.side_by_side import DOUBTFUL, ONE_ORIGIN, PRINTS
from trucewatch.share.words import BANDS

SOURCE = Path(page.__path__[0])
OTHERS = ("text.py", "lint.py")
CODES: dict[str, list[str]] = {
    "act": list(Act),
    "statement": list(StatementKind),
    "watch": list(Watch),
    "channel": list(Channel),
    "attribution": [*Attributed, "withheld", "to"],
    "contradiction": list(ContradictionKind),
    "other_side": ["agreement", "incident"],
    "grade": list(Grade),
    "kept": [one.value for one in Kept],
    "severity": list(Severity),
    "standing": list(Standing),
    "held_by": [Doubt.NO_PARTY, Doubt.OTHER_SIDE],
    "because": list(SideReason),
    "reason": list(Reason),
    "verdict": list(Verdict),
    "release": list(Release),
    "stage": list(Stage),
    "word": [one.code for one in BANDS],
    "held": ["left", "right", "inside", "rest", "unknown"],
    "status": ["in_force", "declared", "proposed", "historical"],
    "stance": ["accepted", "unilateral", "mirror", "rejected", "disputed"],
    "change": ["changed", "not_applied"],
    "interference": ["none"],
    "lost": Cause,
    "procedure": [
        "viirs", "media", "alerts", "launch_claims", "statements", "patrol",
        "observer", "camera",
    ],
    "late": ["none", "late_observations", "late_decisions"],
    "changed": [
        "first", "nothing", "incidents_added", "incidents_removed",
        "incidents_revised", "grades_changed", "statements_added", "terms_changed",
    ],
    "blind": [
        "not_watched", "not_watched.viirs", "no_delivery", "no_delivery.viirs",
        "failed", "looked", "one",
    ],
    "in_force": ["all", "part", "never", "over", "not_yet", "between"],
    "stands": ["inside", "outside", "undecided", "untestable"],
    "sides": ["recorded", "claimed", "units", "with_units"],
    "weekday": [str(n) for n in range(1, 8)],
    "month": [str(n) for n in range(1, 13)],
    "aspect": list(Aspect),
    "moved": [
        "prior", "misses", "taught", "deed", "act", "place", "window", "exemption",
        "total",
    ],
    "nature": list(Nature),
    "conflict": list(ConflictKind),
    "tie": list(Tie),
    "shared": [DOUBTFUL, ONE_ORIGIN, PRINTS],
    "method": ["scale", "grades", "units", "odds", "limits", "attribution", "verify"],
}  # fmt: skip


def used_keys():
    """Keys written in the pages' source, and those made of codes."""
    files = [*sorted(SOURCE.glob("*.py")), *(SOURCE.parent / one for one in OTHERS)]
    source = "\n".join(one.read_text() for one in files)
    literal = set(re.findall(r'"([a-z_]+\.[A-Za-z0-9_]+)"', source))
    heads = re.findall(r'"((?:#?[a-z0-9_]+ ){2,}#?[a-z0-9_]+|[a-z]+ #[a-z]+)"', source)
    heads += re.findall(r'" ((?:#?[a-z_0-9]+ ?)+)"', source)
    columns = {f"head.{one.lstrip('#')}" for line in heads for one in line.split()}
    tables = {f"table.{one}" for one in re.findall(r'table\(\s*"([a-z]+)"', source)}
    columns |= {"head.standing", "head.breach"}  # beside words that are asked for
    codes = {f"{group}.{one}" for group, those in CODES.items() for one in those}
    return literal | columns | tables | codes


@pytest.mark.parametrize("language", text.languages())
def test_every_code_has_words(language):
    entries = text.catalogue(language).entries
    missing = {f"{g}.{one}" for g, those in CODES.items() for one in those} - {*entries}
    assert missing == set()


@pytest.mark.parametrize("language", text.languages())
def test_every_key_the_pages_use_is_there(language):
    entries = {*text.catalogue(language).entries}
    groups = {key.split(".")[0] for key in entries}
    used = {key for key in used_keys() if key.split(".")[0] in groups - {"head"}}
    assert used - entries == set()


@pytest.mark.parametrize("language", text.languages())
def test_no_key_is_left_over(language):
    unused = {*text.catalogue(language).entries} - used_keys()
    assert unused - {"language.name"} == set()


@pytest.mark.parametrize("language", text.languages())
def test_every_language_has_the_keys_and_parameters_of_english(language):
    english, other = text.catalogue("en").entries, text.catalogue(language).entries
    assert other.keys() == english.keys()
    judged = {key for key in english if not key.startswith("lint.")}
    shapes = ({k: text.parameters(e[k]) for k in judged} for e in (english, other))
    assert next(shapes) == next(shapes)


@pytest.mark.parametrize("language", text.languages())
def test_every_plural_has_the_forms_its_language_needs(language):
    due = {text.PLURALS[language](n) for n in range(200)}
    entries = text.catalogue(language).entries.values()
    assert all(one.keys() >= due for one in entries if isinstance(one, dict))


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", {0: "other", 1: "one", 2: "other", 21: "other"}),
        ("fr", {0: "one", 1: "one", 2: "other"}),
        ("uk", {1: "one", 2: "few", 5: "many", 11: "many", 21: "one", 112: "many"}),
    ],
)
def test_plural_forms_follow_the_language(language, forms):
    assert {n: text.PLURALS[language](n) for n in forms} == forms


def test_an_unknown_language_names_those_that_are_there():
    with pytest.raises(LookupError, match="known: en"):
        text.catalogue("tlh")


def test_a_missing_key_is_an_error():
    with pytest.raises(LookupError, match=r"no\.such"):
        text.catalogue("en").say("no.such")


def test_a_plural_without_a_number_is_an_error():
    with pytest.raises(LookupError, match="needs a number"):
        text.catalogue("en").say("figure.units")


def test_a_code_of_a_foreign_rule_is_printed_bare():
    assert text.catalogue("en").code("reason", "seen_by_moon") == "seen by moon"


@pytest.mark.parametrize(
    ("p", "shown"),
    [(0, "0 %"), (0.001, "< 1 %"), (0.5, "50 %"), (0.999, "> 99 %"), (1, "100 %")],
)
def test_a_percentage_is_0_or_100_only_where_it_is_exact(p, shown):
    assert text.catalogue("en").percent(p).replace("\u00a0", " ") == shown
