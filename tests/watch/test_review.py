"""An analyst sees the queue and records decisions; the next bulletin carries them."""

import json
import shutil

import pytest

from trucewatch.watch.cli import code

REJECT = """\
reviewer: reviewer-2
decided: 2025-04-21T13:00:00Z
decisions:
  - {select: {reading: RU}, verdict: rejected, reason: read and not approved}
"""


@pytest.fixture
def out(finished, tmp_path):
    shutil.copytree(finished / "out", tmp_path / "out")
    return tmp_path / "out"


def rows(out, capsys, *more):
    capsys.readouterr()
    assert code(["review", str(out), "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_queue_shows_the_gravest_first(out, capsys):
    shown = rows(out, capsys)
    severities = [r["severity"] for r in shown if r["standing"] != "outside"]
    assert severities == sorted(severities, reverse=True)


def test_what_lies_outside_the_terms_comes_last(out, capsys):
    standings = [row["standing"] == "outside" for row in rows(out, capsys)]
    assert True in standings
    assert standings == sorted(standings)


def test_decisions_are_recorded_once_and_shown(out, tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    path.write_text(REJECT)
    assert code(["review", str(out), "--decisions", str(path)]) == 0
    assert "0 new" not in capsys.readouterr().out
    assert code(["review", str(out), "--decisions", str(path)]) == 0
    assert "0 new decisions recorded" in capsys.readouterr().out
    verdicts = {row["reading"]: row["verdict"] for row in rows(out, capsys)}
    assert verdicts["RU"] == "rejected"
    assert all(row["reading"] != "RU" for row in rows(out, capsys, "--undecided"))


def test_the_next_bulletin_carries_the_decisions(out, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(REJECT)
    assert code(["review", str(out), "--decisions", str(path)]) == 0
    made = ["bulletin", str(out), "--day", "2025-04-21", "--release", "cell"]
    assert code([*made, "--stage", "R", "--format", "csv"]) == 0
    findings = (out / "bulletins/2025-04-21/R-cell-en/findings.csv").read_text()
    assert ",rejected," in findings


def test_an_empty_ledger_is_told(tmp_path, capsys):
    assert code(["review", str(tmp_path)]) == 2
    assert "holds no ledger" in capsys.readouterr().err


def test_a_bulletin_is_issued_again_when_decisions_came(out, tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    path.write_text(REJECT)
    made = ["bulletin", str(out), "--day", "2025-04-20", "--release", "public"]
    again = [*made, "--stage", "R", "--format", "json,csv"]
    assert code(again) == 0
    assert capsys.readouterr().out.split()[1].endswith("R-public-en")
    late = REJECT.replace("T13", "T15").replace("reading: RU", "reading: UA")
    path.write_text(late.replace("rejected", "disputed"))
    assert code(["review", str(out), "--decisions", str(path)]) == 0
    assert code(again) == 0
    assert "R-public-en-2" in capsys.readouterr().out


def test_a_decision_after_the_cut_off_is_told_to_wait(out, tmp_path, capsys):
    path = tmp_path / "mine.yaml"
    path.write_text(REJECT.replace("2025-04-21", "2026-01-01"))
    assert code(["review", str(out), "--decisions", str(path)]) == 0
    assert "after the cut-off" in capsys.readouterr().err
