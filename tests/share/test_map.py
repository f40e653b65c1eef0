"""The map page as bytes: what stands in it, and what cannot."""

import dataclasses
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.share.map_bulletins import STATEMENTS, bulletin

from trucewatch.completeness.coverage import Watch
from trucewatch.errors import ReleaseError
from trucewatch.plugin import load
from trucewatch.record import decoded
from trucewatch.share import bulletin as records
from trucewatch.share.bulletin import Bulletin
from trucewatch.share.lint import lint_text
from trucewatch.share.text import catalogue

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "src/trucewatch/share/catalogue/map/en.json"
BUILT = ROOT / "src/trucewatch/share/web/map.html"
MAP = load("trucewatch.share.formats", "map")

built = pytest.mark.skipif(not BUILT.is_file(), reason="the page was not built")

DATA = re.compile(
    r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL
)


def page(one: Bulletin) -> str:
    (file,) = MAP.render(one)
    assert file.name == "map.html"
    return file.data.decode()


def embedded(one: Bulletin) -> dict:
    return json.loads(DATA.search(page(one))[1])


def hostile(words: str) -> Bulletin:
    said = dataclasses.replace(STATEMENTS[0], words=words)
    return dataclasses.replace(bulletin(1, title=words), statements=(said,))


@built
def test_the_same_bulletin_gives_the_same_bytes():
    assert MAP.render(bulletin(5)) == MAP.render(bulletin(5))


@built
def test_the_page_carries_the_bulletin_whole():
    sent = bulletin(5)
    found = embedded(sent)
    assert decoded(Bulletin, found["bulletin"]) == sent
    assert found["id"] == sent.id


@built
@settings(max_examples=20)
@given(st.text())
def test_no_words_of_a_bulletin_leave_the_place_made_for_them(words):
    (found,) = DATA.findall(page(hostile(words)))
    assert json.loads(found)["bulletin"]["statements"][0]["words"] == words
    assert not set("<>&\u2028\u2029") & set(found)


@built
@pytest.mark.parametrize(
    "words",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "{{data}} {{title}}",
        "line\u2028separators\u2029",
        '"><img src=x onerror=alert(1)>',
        "\\1 $& \\g<0>",
    ],
)
def test_hostile_words_stay_words(words):
    text = page(hostile(words))
    assert DATA.search(text)[1].count("<") == 0
    assert text.count("<img") == page(bulletin(1)).count("<img")
    assert embedded(hostile(words))["bulletin"]["order"]["title"] == words


@built
def test_the_page_refers_to_no_other_file():
    text = page(bulletin(1))
    assert not re.search(r"<(link|script|img|iframe)[^>]*\s(src|href)=", text)
    assert "@import" not in text
    styles = "".join(re.findall(r"<style>.*?</style>", text, re.DOTALL))
    assert set(re.findall(r"url\(['\"]?(\w+):", styles)) <= {"data"}


@built
def test_the_page_forbids_every_connection():
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page(bulletin(1)))
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "http" not in policy[1]
    assert "'unsafe-eval'" not in policy[1]


@built
def test_the_empty_page_stays_below_two_and_a_half_megabytes():
    assert len(MAP.render(bulletin(0))[0].data) < 2_500_000


@built
def test_the_licence_of_the_map_library_is_named_in_the_page():
    assert "MapLibre GL JS" in page(bulletin(0))
    assert "3-Clause BSD" in page(bulletin(0))


@built
def test_no_borders_of_states_come_with_the_page():
    text = page(bulletin(0))
    assert "countries" not in text.lower()


def test_a_page_that_was_not_built_is_named_with_the_remedy(tmp_path):
    with pytest.raises(ReleaseError, match=r"map\.html is missing; run `make dev`"):
        MAP.template(tmp_path / "map.html")


@built
def test_a_language_without_words_falls_back_to_english():
    assert embedded(bulletin(0, language="xx"))["text"]["map.play"] == "Play"


def test_every_word_the_page_asks_for_is_in_the_catalogue():
    known = set(json.loads(WORDS.read_text("utf-8")))
    sources = [path.read_text("utf-8") for path in (ROOT / "web/src").glob("*.ts")]
    asked = {
        f"map.{key}" for text in sources for key in re.findall(r'\bt\(\s*"(\w+)"', text)
    }
    asked |= {
        f"map.{key}" for text in sources for key in re.findall(r'"(none_\w+)"', text)
    }
    asked |= {f"map.coverage_{watch.value}" for watch in Watch}
    assert asked and asked <= known


def test_words_are_kept_in_order_so_that_changes_show():
    keys = list(json.loads(WORDS.read_text("utf-8")))
    assert keys == sorted(keys)


def test_the_words_of_the_page_pass_the_lint_of_bulletins():
    words = json.loads(WORDS.read_text("utf-8"))
    found = {key: lint_text(text, catalogue("en")) for key, text in words.items()}
    assert {key: faults for key, faults in found.items() if faults} == {}


@built
def test_codes_are_put_into_the_words_of_the_bulletin():
    text = embedded(bulletin(0))["text"]
    assert text["standing.inside"] == catalogue("en").say("standing.inside")
    assert not any(key.startswith("lint.") for key in text)


def declared(source: str) -> dict[str, set[str]]:
    """Fields by interface of a TypeScript file of flat interfaces."""
    found = re.findall(
        r"^export interface (\w+) \{\n(.*?)^\}", source, re.DOTALL | re.MULTILINE
    )
    return {
        name: set(re.findall(r"^  (\w+)\??:", body, re.MULTILINE))
        for name, body in found
    }


def test_the_page_reads_only_fields_that_bulletins_have():
    source = (ROOT / "web/src/bulletin.ts").read_text("utf-8")
    interfaces = declared(source)
    interfaces.pop("Embedded")
    assert len(interfaces) > 5
    for name, fields in interfaces.items():
        row = getattr(records, name)
        assert fields <= {one.name for one in dataclasses.fields(row)}, name
