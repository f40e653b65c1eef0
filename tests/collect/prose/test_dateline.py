"""The day a text states for itself, and days that only stand in it."""

import pytest

from trucewatch.collect.prose.dateline import dateline
from trucewatch.collect.prose.document import lines_of
from trucewatch.collect.prose.page import day_of_address, page
from trucewatch.collect.prose.rules import rules

STATED = [
    ("en", "PARIS, January 8, 2026 – Ada Lind said little.", "2026-01-08"),
    ("en", "PARIS (Wire), 8 January 2026 (Wire) — Ada Lind said little.", "2026-01-08"),
    ("en", "The bridge\nPublished 8 January 2026, 14:05\nIt is shut.", "2026-01-08"),
    ("en", "The bridge\n2026-01-08\nIt is shut.", "2026-01-08"),
    ("en", "The bridge of 8 January 2025 is shut, officials said.", ""),
    ("en", "It was shut on January 8, 2025.", ""),
    ("en", "PARIS, January 8 – Ada Lind said little.", ""),
    ("uk", "Опубліковано 8 січня 2026 року\nМіст закрито.", "2026-01-08"),
    ("ru", "Дата: 08.01.2026\nМост закрыт.", "2026-01-08"),
    ("ru", "8 января 2026 года\nМост закрыт.", "2026-01-08"),
    ("fr", "Publié le 8 janvier 2026\nLe pont est fermé.", "2026-01-08"),
]


@pytest.mark.parametrize(("language", "text", "day"), STATED)
def test_a_text_states_its_own_day_or_none(language, text, day):
    assert dateline(list(lines_of(text)), rules(language)) == day


def test_an_address_may_hold_the_day():
    assert day_of_address("https://paper.example/2026/01/08/bridge") == "2026-01-08"
    assert day_of_address("https://paper.example/bridge") == ""
    assert day_of_address("") == ""


BODY = "".join(
    f"<p>On 5 March 2019 the bridge number {n} was opened, said Ada Lind, and it has "
    "carried lorries and trams over the wide river ever since.</p>"
    for n in range(4)
)


@pytest.mark.parametrize(
    ("head", "day"),
    [
        (
            '<meta property="article:published_time" content="2026-01-08T10:00:00Z">',
            "8",
        ),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", '
            '"datePublished": "2026-01-08T10:00:00Z"}</script>',
            "8",
        ),
        ('<link rel="canonical" href="https://a.example/2026/01/08/bridge">', "8"),
        ("", ""),
    ],
)
def test_a_page_is_dated_by_its_mark_up_and_never_by_its_words(head, day):
    found = page(
        f"<html><head>{head}</head><body><article>{BODY}</article></body></html>"
    )
    assert found is not None
    assert found.date == (f"2026-01-0{day}" if day else "")
