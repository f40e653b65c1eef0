"""`trucewatch statements` as its user types it."""

import json

import pytest

from trucewatch.watch.cli import code
from trucewatch.watch.side_by_side import as_text
from trucewatch.watch.statement_page import as_page
from trucewatch.watch.statements import hear

TEXT = (
    "Northern Minister Ada Lind said on Tuesday that 12 shells hit the old bridge.\n"
    "“We counted <b>them</b> all.”\n"
    "Sign up for our newsletter today\n"
)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "post.txt").write_text(TEXT, "utf-8")
    (tmp_path / "times.txt").write_text(TEXT.replace("Tuesday", "Monday"), "utf-8")
    return tmp_path


def test_two_articles_are_set_side_by_side(files, capsys):
    names = [str(files / "post.txt"), str(files / "times.txt")]
    page = files / "page.html"
    asked = ["statements", *names, "--published", "2026-01-08", "--html", str(page)]
    assert code(asked) == 0
    told = capsys.readouterr().out
    assert "1. one statement in 2 outlets" in told
    assert "≠ contradiction, day: post “Tuesday 2026-01-06”" in told
    assert "post.txt, paragraph 3: boilerplate: newsletter" in told
    written = page.read_text("utf-8")
    assert "&lt;b&gt;them&lt;/b&gt;" in written
    assert "<script" not in written


def test_json_says_the_same_with_every_field(files, capsys):
    out = files / "claims.json"
    asked = ["statements", str(files / "post.txt"), "--published", "2026-01-08"]
    assert code([*asked, "--json", "--out", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads(out.read_text("utf-8"))
    first = told["statements"][0]["result"]
    assert first["speaker"] == "Ada Lind"
    assert first["claims"][0]["quantities"][0]["numeral"] == "12"
    assert told["left_out"][0]["why"] == "boilerplate: newsletter"
    assert {"register", "one_statement", "complements"} <= told.keys()


def test_a_bad_file_is_named_and_the_others_are_read(files, capsys):
    (files / "empty.txt").write_bytes(b"")
    names = [str(files / "post.txt"), str(files / "empty.txt")]
    assert code(["statements", *names, "--published", "2026-01-08"]) == 0
    assert "empty.txt: delivery of articles holds no text" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--published", "soon"], "option published"),
        (["--published", "2026-01-08", "--zone", "Mars"], "IANA zone"),
        (["--published", "2026-01-08", "--language", "tlh"], "one of en, fr, ru, uk"),
        (["--published", "2026-01-08", "--gazetteer", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_wrong_options_are_refused_in_words(files, capsys, more, why):
    assert code(["statements", str(files / "post.txt"), *more]) == 2
    assert why in capsys.readouterr().err


def test_a_hostile_text_cannot_steer_the_terminal(files, capsys):
    (files / "post.txt").write_text("Ada Lind said “\x1b[2J\u202egone”.", "utf-8")
    assert (
        code(["statements", str(files / "post.txt"), "--published", "2026-01-08"]) == 0
    )
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_days_of_an_article_nobody_dates_are_left_open_and_it_says_so(tmp_path):
    path = tmp_path / "one.txt"
    path.write_text('"We will hold our fire," the defence minister said on Monday.\n')
    heard = hear([path], {}, None)
    (one,) = (o.result for o in heard.observations)
    assert one.said is None
    assert one.said_open == "on Monday"
    assert "nobody says when" in heard.problems[0]
    assert as_text(heard).startswith("! one.txt: nobody says when")
    assert "are left open" in as_page(heard)


def test_two_outlets_that_name_two_days_differ_though_nobody_dates_them(tmp_path):
    words = "Minister Jon Berg said on {} that the eastern bridge was shut.\n"
    for name, day in (("one", "Monday"), ("two", "Tuesday")):
        (tmp_path / f"{name}.txt").write_text(words.format(day))
    heard = hear(sorted(tmp_path.glob("*.txt")), {}, None)
    text = as_text(heard)
    assert "contradiction, day: one “on Monday” | two “on Tuesday”" in text


def test_a_dateline_settles_the_days_of_a_plain_text(tmp_path):
    path = tmp_path / "one.txt"
    path.write_text(
        "PARIS, January 8, 2026 – Minister Jon Berg said on Monday the bridge was shut."
    )
    heard = hear([path], {}, None)
    (one,) = (o.result for o in heard.observations)
    assert not heard.problems
    assert f"{one.said.begin:%Y-%m-%d}" == "2026-01-05"
