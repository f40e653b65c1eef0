"""The thermal command, as its user runs it."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from trucewatch.errors import MissionError, SourceError
from trucewatch.watch.commands.thermal import app
from trucewatch.watch.thermal import COLUMNS, judge_fires, write_rows

HEAD = "LATITUDE,LONGITUDE,ACQ_DATE\n"


def listed(path, rows):
    path.write_text(HEAD + "".join(f"{a},{o},{d}\n" for a, o, d in rows))
    return path


@pytest.fixture
def files(tmp_path):
    chance = np.random.default_rng(2)
    days = np.datetime64("2029-01-01") + chance.integers(0, 730, 3_000)
    rows = zip(
        (48 + chance.random(3_000)).round(5),
        (30 + chance.random(3_000)).round(5),
        days,
        strict=True,
    )
    history = listed(tmp_path / "history.csv", rows)
    fires = listed(
        tmp_path / "fires.csv",
        [
            (48.5, 30.5, "2031-02-01"),
            (0, 0, "2031-02-01"),
            (48.5003, 30.5, "2031-02-01"),
        ],
    )
    return fires, history


def test_every_usable_pixel_gets_a_probability(files, tmp_path):
    fires, history = files
    judged = judge_fires([fires], [history], 0.1, None)
    write_rows(judged, tmp_path / "out.csv")
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert [row["line"] for row in rows] == ["2", "4"]
    assert rows[0]["fire"] == rows[1]["fire"]
    assert all(0 <= float(row["p_war"]) <= 1 for row in rows)
    assert "line 3" in judged.problems[0]
    assert judged.years == (2029, 2030)
    assert judged.calibrated


def test_a_larger_share_beforehand_gives_larger_probabilities(files):
    fires, history = files
    low, high = (judge_fires([fires], [history], p, None).rows for p in (0.01, 0.5))
    assert high[0][6] > low[0][6]
    assert high[0][7] == low[0][7]


def test_what_was_learnt_is_kept_under_its_provenance_and_says_the_same(
    files, tmp_path
):
    fires, history = files
    cache = tmp_path / "cache"
    first = judge_fires([fires], [history], 0.1, cache)
    assert [one.stem for one in cache.iterdir()] == [first.provenance]
    assert judge_fires([fires], [history], 0.1, cache) == first
    (cache / f"{first.provenance}.npz").write_bytes(b"damaged")
    assert judge_fires([fires], [history], 0.1, cache) == first


def test_another_history_has_another_provenance(files, tmp_path):
    fires, history = files
    other = listed(tmp_path / "other.csv", [(48.5, 30.5, "2030-01-01")])
    one, two = (judge_fires([fires], [h], 0.1, None) for h in (history, other))
    assert one.provenance != two.provenance
    assert not two.calibrated


def test_a_list_that_is_none_and_an_empty_history_are_errors(files, tmp_path):
    fires, history = files
    odd = tmp_path / "odd.csv"
    odd.write_text("a,b\n1,2\n")
    empty = listed(tmp_path / "empty.csv", [])
    with pytest.raises(SourceError, match=r"odd\.csv.*lacks columns"):
        judge_fires([odd], [history], 0.1, None)
    with pytest.raises(SourceError, match="nothing can be learnt"):
        judge_fires([fires], [empty], 0.1, None)
    with pytest.raises(MissionError, match="between 0 and 1"):
        judge_fires([fires], [history], 1.0, None)
    assert judge_fires([empty], [history], 0.1, None).rows == []


def test_the_command_prints_a_summary_scripts_can_read(files, tmp_path):
    fires, history = files
    out = tmp_path / "out.csv"
    done = CliRunner().invoke(
        app, [str(fires), "--history", str(history), "--out", str(out), "--json"]
    )
    assert done.exit_code == 0
    assert json.loads(done.stdout)["pixels"] == 2
    assert out.is_file()
