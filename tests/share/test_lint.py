import html
import re

import pytest
from tests.share import dossiers

from trucewatch.plugin import load
from trucewatch.share.compose import compose
from trucewatch.share.lint import lint, lint_text
from trucewatch.share.page.build import page
from trucewatch.share.release import Release, Stage
from trucewatch.share.text import catalogue

EN = catalogue("en")


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("confidence", "It is very likely, and our confidence is high."),
        ("forbidden", "The enemy fired."),
        ("forbidden", "The target was hit."),
        ("forbidden", "Violation confirmed in sector 7."),
        ("forbidden", "The truce largely held."),
        ("forbidden", "The ceasefire on the whole is holding."),
        ("forbidden", "Norland is guilty."),
        ("forbidden", "The night was quiet."),
        ("forbidden", "There were no violations."),
        ("other_row", "It is highly probable that it happened."),
        ("other_row", "There is a remote chance."),
        ("mismatch", "It is very likely (34 %)."),
        ("mismatch", "It is unlikely (87 %)."),
        ("mismatch", "unlikely to likely (30 % to 40 %)"),
    ],
)
def test_a_sentence_that_must_not_be_printed_is_found(rule, sentence):
    assert rule in {one.rule for one in lint_text(sentence, EN)}


@pytest.mark.parametrize(
    "sentence",
    [
        "It is very likely (87 %). Our confidence is low.",
        "unlikely (20 %)",
        "almost no chance (< 1 %)",
        "almost certain (> 99 %)",
        "unlikely to very likely (30 % to 87 %)",
        "Held by the Republic of Norland.",
        "Grade: Probable.",
        "The truce ended. The bridge was held by a patrol.",
    ],
)
def test_a_sentence_that_may_be_printed_passes(sentence):
    assert lint_text(sentence, EN) == ()


def words_of(file):
    """The words of an HTML page that are the mechanism's own, a line an element."""
    text = re.sub(r"(?s)<(style|svg)\b.*?</\1>", "", file.data.decode())
    text = re.sub(r'(?s)<(\w+)[^>]*class="[^"]*quoted[^"]*"[^>]*>.*?</\1>', "\n", text)
    return html.unescape(re.sub(r"<[^>]+>", "\n", text))


BULLETINS = [
    pytest.param(source, stage, release, id=f"{name}-{stage}-{release}")
    for name, source in (("full", dossiers.full()), ("empty", dossiers.dossier()))
    for stage in (Stage.A3, Stage.R, Stage.FINAL)
    for release in Release
]


@pytest.mark.parametrize(("source", "stage", "release"), BULLETINS)
def test_no_rendered_bulletin_has_a_fault(source, stage, release):
    made = compose(source, dossiers.order(stage, release), None, 7, "00" * 32)
    assert lint(page(made)) == ()
    (file,) = load("trucewatch.share.formats", "html").render(made)
    assert lint_text(words_of(file), EN) == ()


def test_silence_without_coverage_is_printed_as_not_monitored():
    made = compose(dossiers.dossier(), dossiers.order(), None, 7, "00" * 32)
    (file,) = load("trucewatch.share.formats", "html").render(made)
    text = html.unescape(re.sub(r"<[^>]+>", "", file.data.decode()))
    assert "0 recorded in Bridge area: not monitored." in text
    assert "Not monitored: no procedure of this mission" in text
