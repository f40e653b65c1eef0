"""From a file to records, and from bad files to problems."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agreement.samples import SOUND, spoiled, written
from trucewatch.agreement.geometry import Except, NearLine, Polygon
from trucewatch.agreement.read import problems, read_agreement
from trucewatch.agreement.taxonomy import Act, Domain, WeaponClass
from trucewatch.agreement.terms import Agreement
from trucewatch.agreement.text import MAX_BYTES, MAX_TERMS, read_text
from trucewatch.errors import AgreementError
from trucewatch.record import canonical, decoded


def only(found):
    assert len(found) == 1, [str(p) for p in found]
    return found[0]


def test_every_part_of_a_file_reaches_the_record(tmp_path):
    (agreement,) = read_agreement(written(tmp_path))
    assert agreement.slug == "valley"
    assert agreement.lines[0].sides[0].held == "left"
    strip, town, land = (zone.shape for zone in agreement.zones)
    assert strip == NearLine("river", 10000, "SOUTH")
    assert isinstance(town, Polygon)
    assert land == Except("strip", ("town",))
    peace, water = agreement.clauses
    assert (peace.where, peace.sites, peace.prohibits) == ((), "", (Act.ATTACK,))
    assert (water.sites, water.weapons) == ("water", (WeaponClass.MORTAR,))
    assert water.domain is Domain.INFRASTRUCTURE
    (reading,) = agreement.readings
    assert reading.changes[0].applies is False
    assert reading.changes[0].windows is None
    assert str(reading.windows[0].begin) == "2029-12-31T22:00Z/2030-01-01T22:00Z"
    assert agreement.exemptions[0].within_s == 7200
    assert agreement.consultation[0].within_s == 7200
    assert agreement.commitments[0].domain is None
    assert agreement.glossary[0].word == "fire"


def test_what_was_read_survives_the_ledger(tmp_path):
    (agreement,) = read_agreement(written(tmp_path))
    again = decoded(Agreement, json.loads(canonical(agreement)))
    assert again == agreement
    assert again.id == agreement.id


def test_words_stay_words_whatever_they_look_like(tmp_path):
    text = spoiled('version: "1"', "version: 1.10").replace("NORTH", "no")
    (agreement,) = read_agreement(written(tmp_path, text))
    assert agreement.version == "1.10"
    assert agreement.parties[0].id == "no"


def test_a_problem_names_file_line_column_and_section(tmp_path):
    path = written(tmp_path, spoiled("binds: [NORTH]", "binds: [WEST]"))
    problem = only(problems(path))
    line = path.read_text().splitlines().index("    binds: [WEST]") + 1
    assert (problem.file, problem.line, problem.column) == (str(path), line, 5)
    assert problem.where == "clauses/water/binds"
    assert problem.wrong == "there is no party `WEST`"
    assert problem.right == "write one of NORTH, SOUTH"


def test_all_problems_are_reported_at_once_with_their_number(tmp_path):
    text = (
        spoiled("where: [strip, land]", "where: [desert]")
        .replace("stance: accepted", "stance: glad")
        .replace("uncertainty_m: 300", "uncertainty_m: -3")
        .replace("    title: The town\n", "    titel: The town\n")
        .replace("within: PT2H\n    where", "within: soon\n    where")
    )
    path = written(tmp_path, text)
    with pytest.raises(AgreementError) as caught:
        read_agreement(path)
    message = str(caught.value)
    assert message.startswith("the agreement has 6 problems:\n")
    for words in ("desert", "glad", "-3", "did you mean `title`", "missing", "soon"):
        assert words in message


def test_a_wrong_entry_does_not_make_others_seem_wrong(tmp_path):
    path = written(tmp_path, spoiled("title: The town\n", "title: [The town]\n"))
    problem = only(problems(path))
    assert problem.where == "zones/town/title"


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"", "is empty"),
        (b"\xff\xfeagreement: x", "byte 1 (0xff) is not UTF-8"),
        (b"title: caf\xe9", "not UTF-8"),
        (b"a: [1,\nb: }", "cannot be read as YAML"),
        (b"a: \x07", "cannot be read as YAML"),
        (b"a: [" + b"x," * (MAX_TERMS + 1) + b"]", "more than 20000 terms"),
        (b"a: b: c", "cannot be read as YAML"),
        (b"- one\n- two", "not a list of named sections"),
        (b"just words", "not a list of named sections"),
        (b"a: " + b"[" * 5000, "nested more than"),
        (b"? [a, b]\n: c", "a name should stand"),
        (b"x" * (MAX_BYTES + 1), "more than"),
        (b'a: "\\UFFFFFFFF"', "cannot be read as YAML"),
    ],
)
def test_a_text_that_is_no_agreement_gives_one_clear_problem(tmp_path, raw, wrong):
    path = tmp_path / "bad.yaml"
    path.write_bytes(raw)
    assert wrong in only(problems(path)).wrong


def test_aliases_are_refused_and_never_expanded(tmp_path):
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
    found = problems(written(tmp_path, bomb))
    assert sum("anchors and aliases" in p.wrong for p in found) == 9


def test_a_tag_is_refused(tmp_path):
    text = spoiled("name: The dam", "name: !!python/object:os.system The dam")
    path = written(tmp_path, text)
    assert "tags have no meaning" in only(problems(path)).wrong


def test_a_word_that_stands_twice_is_refused(tmp_path):
    path = written(tmp_path, SOUND + "title: Another\n")
    problem = only(problems(path))
    assert "`title` stands here twice, first in line 2" in problem.wrong
    assert problem.line == SOUND.count("\n") + 1


def test_a_second_document_is_refused(tmp_path):
    found = problems(written(tmp_path, SOUND + "---\nagreement: other\n"))
    assert "second document" in only(found).wrong


def test_a_missing_file_and_a_folder_are_problems(tmp_path):
    assert "cannot be read" in only(problems(tmp_path / "absent.yaml")).wrong
    assert "cannot be read" in only(problems(tmp_path)).wrong


@settings(max_examples=150)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_tree_or_a_flaw(raw):
    text = read_text(raw, "any")
    assert text.flaws or text.tree is not None
    assert () in text.marks


@settings(max_examples=40, deadline=None)
@given(st.integers(0, SOUND.index("readings:")))
def test_a_file_cut_off_before_its_readings_is_refused(tmp_path_factory, length):
    path = written(tmp_path_factory.getbasetemp(), SOUND[:length], "cut.yaml")
    with pytest.raises(AgreementError):
        read_agreement(path)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SOUND) - 1), st.sampled_from("\t\0[]{}&*!|>'\"%@`:#-,?\n x7"))
def test_any_one_character_changed_never_gives_a_traceback(
    tmp_path_factory, place, character
):
    text = SOUND[:place] + character + SOUND[place + 1 :]
    path = written(tmp_path_factory.getbasetemp(), text, "changed.yaml")
    found = problems(path)
    if not found:
        assert read_agreement(path)
    assert all(p.line >= 1 and p.wrong and p.right for p in found)


LATER = SOUND.replace('version: "1"', 'version: "2"').replace(
    "local_zone:", "effective: 2030-01-10T00:00Z\nsupersedes: valley.yaml\nlocal_zone:"
)


def test_versions_come_in_the_order_in_which_they_take_effect(tmp_path):
    written(tmp_path)
    versions = read_agreement(written(tmp_path, LATER, "later.yaml"))
    assert [v.version for v in versions] == ["1", "2"]


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("agreement: valley", "agreement: hill", "another agreement"),
        ('version: "1"', 'version: "2"', "labelled `2`"),
        (
            "status: in_force",
            "status: in_force\neffective: 2031-01-01T00:00Z",
            "no earlier",
        ),
    ],
)
def test_versions_that_do_not_follow_each_other_are_refused(tmp_path, old, new, wrong):
    written(tmp_path, SOUND.replace(old, new))
    found = problems(written(tmp_path, LATER, "later.yaml"))
    assert wrong in only(found).wrong
    assert only(found).file.endswith("valley.yaml")


def test_a_version_that_supersedes_needs_a_time(tmp_path):
    written(tmp_path)
    text = LATER.replace("effective: 2030-01-10T00:00Z\n", "")
    found = problems(written(tmp_path, text, "later.yaml"))
    assert "no `effective`" in only(found).wrong


def test_versions_that_supersede_each_other_are_refused(tmp_path):
    found = problems(written(tmp_path, LATER))
    assert "supersedes itself" in only(found).wrong


def test_a_version_elsewhere_is_never_read(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    written(tmp_path)
    found = problems(written(inner, LATER.replace("valley.yaml", "../valley.yaml")))
    assert "outside the agreement's folder" in only(found).wrong
