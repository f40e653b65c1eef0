"""A run logs what outlets print of one statement, and the bulletin shows the same."""

import json

import pytest

from trucewatch.collect.observation import Observation
from trucewatch.grade.register import RegisterEntry
from trucewatch.grade.renderings import Difference, Rendering
from trucewatch.grade.spoken import spoken
from trucewatch.share.bulletin import Bulletin
from trucewatch.store.reader import view
from trucewatch.watch.cli import code
from trucewatch.watch.picture import Picture
from trucewatch.watch.run import KINDS
from trucewatch.watch.start import bundled

ONE = """\
Ukrainian Minister Ada Lind said on Tuesday that 12 shells hit the old bridge at noon.

Britain and France signed a declaration of intent on the multinational force.

Foreign troops are “legitimate military targets of our army”, said Russia's ministry.
"""
TWO = (
    ONE
    .replace("Tuesday", "Monday")
    .replace("12", "14")
    .replace("military t", "combat t")
)
MISSION = """\
mission: spoken
title: Two outlets on one statement
agreement: {agreement}
days: {{first: 2026-01-08, last: 2026-01-08}}
zone: Europe/Kyiv
procedures: [media]
deliveries:
  - {{source: articles, files: post.txt,
     options: {{outlet: post.example, published: 2026-01-08, language: en}}}}
  - {{source: articles, files: times.txt,
     options: {{outlet: times.example, published: 2026-01-08, language: en}}}}
bulletins:
  - {{stage: A3, releases: [cell], days: all, formats: [json, html]}}
  - {{stage: R, releases: [public, cell], days: all, formats: [json, html]}}
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory, keys):
    folder = tmp_path_factory.mktemp("spoken")
    agreement = bundled("easter2025").parents[1] / "agreements" / "easter2025.yaml"
    (folder / "post.txt").write_text(ONE, "utf-8")
    (folder / "times.txt").write_text(TWO, "utf-8")
    path = folder / "mission.yaml"
    path.write_text(MISSION.format(agreement=agreement), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRUCEWATCH_KEYS", str(keys))
        assert code(["run", str(path), "--out", str(folder / "out")]) == 0
    return folder / "out"


def held(out, kind):
    with view(out / "ledger", KINDS) as ledger:
        return ledger.records(kind)


def page(out, name):
    return out / "bulletins/2026-01-08" / name


def test_renderings_differences_and_register_are_records_of_the_run(out):
    made = spoken(held(out, Observation))
    assert made.renderings
    assert {one.id for one in held(out, Rendering)} == {m.id for m in made.renderings}
    assert {o.id for o in held(out, Difference)} == {d.id for d in made.differences}
    assert {o.id for o in held(out, RegisterEntry)} == {r.id for r in made.register}


def test_the_picture_names_them(out):
    picture = max(held(out, Picture), key=lambda one: one.cutoff)
    assert set(picture.renderings) == {one.id for one in held(out, Rendering)}
    assert picture.differences
    assert picture.register


def test_the_bulletin_sets_them_side_by_side(out):
    told = json.loads((page(out, "R-public-en") / "bulletin.json").read_text())
    natures = {(one["nature"], one["aspect"]) for one in told["differences"]}
    assert ("contradiction", "day") in natures
    assert ("contradiction", "number") in natures
    prints = [one for one in told["shared"] if one["why"] == "prints"]
    assert prints[0]["outlets"] == ["post.example", "times.example"]
    assert {one["topic"] for one in told["register"]}


def test_the_page_says_so_in_words(out):
    shown = (page(out, "R-public-en") / "bulletin.html").read_text("utf-8")
    assert "one statement in several outlets" in shown
    assert "both cannot be right" in shown
    assert "What statements hold of the agreement" in shown


def test_no_name_of_a_person_reaches_any_release(out):
    for name in ("R-public-en", "R-cell-en"):
        for file in page(out, name).iterdir():
            assert b"Lind" not in file.read_bytes()


def test_nothing_of_it_is_printed_before_review(out):
    told = json.loads((page(out, "A3-cell-en") / "bulletin.json").read_text())
    assert not {"differences", "shared", "register"} & told.keys()


def test_ledger_and_bulletin_stand_up_to_checking(out):
    assert code(["verify", str(out / "ledger")]) == 0
    for one in held(out, Bulletin):
        assert code(["replay", str(out), "--bulletin", one.id]) == 0
