"""Real posts and articles, annotated by hand, against what is read in them.

The figures are those of docs/statements.md. Texts are lent (TRUCEWATCH_DATA) and
never stored here.
"""

import hashlib
import json
import os
import pathlib

import pytest

FOLDER = os.environ.get("TRUCEWATCH_DATA", "")
LABELS = pathlib.Path(__file__).parents[2] / "data/prose"

pytestmark = [
    pytest.mark.cases,
    pytest.mark.skipif(
        not pathlib.Path(FOLDER or "/nowhere").is_dir(),
        reason="TRUCEWATCH_DATA names no folder of lent data",
    ),
]

# What was reached on the halves, and on texts met later: it must not get worse.
BARS = {
    "speakers": ("f1", 0.95, 0.93),
    "places": ("accuracy", 0.93, 0.89),
    "times": ("f1", 0.95, 0.87),
    "numbers": ("f1", 1.0, 0.95),
}


@pytest.mark.parametrize("task", BARS)
def test_reading_is_as_good_as_the_page_says(task):
    from benchmarks import prose

    rate, halves, later = BARS[task]
    for split, tally in prose.score(prose.labels(), prose.TASKS[task]).items():
        bar = halves if split in ("develop", "held") else later
        assert getattr(tally, rate) >= bar, (split, tally)


@pytest.fixture(scope="module")
def heard():
    from trucewatch.watch.statements import hear

    folder = pathlib.Path(FOLDER)
    paths = sorted(folder.glob("paris_declaration/article_*.txt"))
    given = {"published": "2026-01-08", "zone": "Europe/Kyiv"}
    return hear(paths, given, folder / "gazetteer/ua_cities500_geonames.csv")


def test_every_quotation_of_two_articles_has_the_right_speaker(heard):
    labels = json.loads((LABELS / "quotations.json").read_text("utf-8"))
    assert len(labels) == 20
    found = {}
    for one in heard.observations:
        for span in one.result.quotations:
            found[f"{one.result.outlet}", span.begin, span.end] = one.result
    assert len(found) == len(labels)
    for label in labels:
        name = pathlib.Path(label["file"]).stem
        text = (pathlib.Path(FOLDER) / label["file"]).read_text("utf-8")
        words = text[label["begin"] : label["end"]]
        assert hashlib.sha256(words.encode()).hexdigest() == label["sha256"]
        said = found[name, label["begin"], label["end"]]
        who = said.speaker_printed or said.speaker
        assert label["speaker"] in who, (label, who)


def test_no_boilerplate_stands_in_any_claim(heard):
    kept = " ".join(one.result.text for one in heard.observations).lower()
    for word in ("rvm10", "sign up", "click here", "comments policy", "inbox"):
        assert word not in kept
    reasons = [one.why for name, one in heard.silent if name == "article_a.txt"]
    assert sum(why.startswith("boilerplate") for why in reasons) == 7


def test_the_ministry_statement_is_one_statement_in_two_renderings(heard):
    (ministry,) = [
        one
        for one in heard.spoken.rendered
        if any(p.result.speaker_printed == "Maria Zakharova" for p in one.prints)
    ]
    assert ministry.outlets == ("article_a", "article_b")
    assert {p.result.speaker for p in ministry.prints} == {"RU"}
    wordings = {
        (d.first_says, d.second_says)
        for d in ministry.differences
        if d.aspect == "wording" and d.nature == "rendering"
    }
    assert ("legitimate military targets", "legitimate combat targets") in wordings
    assert ("voiced repeatedly at", "voiced more than once at") in wordings


def test_differences_are_typed_as_a_reader_would(heard):
    differences = [d for one in heard.spoken.rendered for d in one.differences]
    days = [d for d in differences if d.aspect == "day"]
    assert [(d.nature, d.first_says[:7], d.second_says[:6]) for d in days] == [
        ("contradiction", "Tuesday", "Monday")
    ]
    speakers = [d for d in differences if d.aspect == "speaker"]
    assert [(d.nature, d.first_says, d.second_says) for d in speakers] == [
        ("complement", "Volodymyr Zelenskyy", "A Ukrainian official")
    ]
    only = {(d.first_says, d.second_says) for d in heard.spoken.complements}
    assert {("35 countries", ""), ("27 heads of state", "")} <= only
    assert {("", "binding_commitments"), ("coordination_cell", "")} <= only


def test_the_register_holds_what_the_declaration_promised(heard):
    entries = {one.topic: one for one in heard.spoken.register}
    intent = entries["declaration_of_intent"]
    assert intent.by == ("FR", "UK")
    assert any("cessation of hostilities" in one for one in intent.conditions)
    assert "after ceasefire" in intent.conditions
    assert entries["multinational_force"].domains == ("air", "land", "sea")
    assert entries["leads"].domains == ("air", "land", "sea")
    assert "UK" in entries["binding_commitments"].by
    assert any("armed attack" in c for c in entries["binding_commitments"].conditions)
    for topic in ("monitoring", "coordination_cell", "hubs", "protected_facilities"):
        assert entries[topic].promises or entries[topic].facts, topic
    assert {r.by for r in entries["foreign_troops"].positions} == {"RU"}
    assert "UA" in {r.by for r in entries["security_guarantees"].facts}
    spans = {
        r.span for one in heard.spoken.register for r in (*one.promises, *one.facts)
    }
    assert all(span.begin < span.end for span in spans)
