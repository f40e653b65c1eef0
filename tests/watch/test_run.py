"""A run ends with a ledger and bulletins; interrupted, it ends with the same root."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from tests.watch.missions import REPORTS, small_mission
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Rejection
from trucewatch.share.bulletin import Bulletin
from trucewatch.store.reader import view
from trucewatch.watch.cli import code
from trucewatch.watch.mission import read_mission
from trucewatch.watch.picture import Picture
from trucewatch.watch.run import KINDS, Settings, run

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def root_of(folder):
    with view(folder / "ledger", KINDS) as ledger:
        return ledger.root


def run_small(mission, out, **settings):
    return run(
        read_mission(mission),
        Settings(out=out, now=NOW, **settings),
        lambda what, done: None,
    )


def test_every_row_is_used_or_kept_with_the_reason(finished):
    with view(finished / "out/ledger", KINDS) as ledger:
        rejected = ledger.records(Rejection)
        assert [(one.where, one.derived_from[0][:9]) for one in rejected] == [
            ("line 5", "delivery:")
        ]
        assert len(ledger.records(Delivery)) == 2
        for one in ledger.records(Delivery):
            assert len(ledger.get(one.sha256)) == one.size_bytes


def test_a_later_stage_supersedes_an_earlier_one_of_the_same_day(finished):
    with view(finished / "out/ledger", KINDS) as ledger:
        made = ledger.records(Bulletin)
    cell = [
        one
        for one in made
        if one.order.release == "cell" and one.name == "small/2025-04-20"
    ]
    assert [one.order.stage for one in cell] == ["A1", "R"]
    assert cell[1].supersedes == cell[0].id


def test_what_was_made_known_after_the_cut_off_is_not_in_the_picture(finished):
    with view(finished / "out/ledger", KINDS) as ledger:
        for one in ledger.records(Picture):
            for name in one.incidents:
                assert ledger.record(name).time.begin < one.cutoff


def test_running_again_changes_nothing(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "copy")
    before = root_of(finished / "out")
    again = run_small(tmp_path / "copy/mission/mission.yaml", tmp_path / "copy/out")
    assert again.root == before.hex()


def test_processes_change_nothing(finished, tmp_path):
    mission = small_mission(tmp_path / "mission")
    made = ["run", str(mission), "--out", str(tmp_path / "out"), "--workers", "2"]
    assert code(made) == 0
    assert root_of(tmp_path / "out") == root_of(finished / "out")


def test_until_stops_before_what_is_due_later(tmp_path):
    mission = small_mission(tmp_path / "mission")
    made = run_small(
        mission, tmp_path / "out", until=datetime(2025, 4, 21, 0, 0, tzinfo=UTC)
    )
    assert [one.parent.name for one in made.bulletins] == ["2025-04-19", "2025-04-20"]


def test_the_same_delivery_twice_is_read_once(tmp_path):
    mission = small_mission(tmp_path / "mission")
    (tmp_path / "mission/reports-copy.csv").write_text(REPORTS)
    text = mission.read_text().replace("files: reports.csv", "files: 'reports*.csv'")
    mission.write_text(text)
    made = run_small(mission, tmp_path / "out")
    assert (made.deliveries, made.repeated, made.rows) == (2, 1, 7)
    with view(tmp_path / "out/ledger", KINDS) as ledger:
        assert len(ledger.records(Delivery)) == 3


def test_a_delivery_nobody_can_read_is_kept_and_told(tmp_path, capsys):
    mission = small_mission(tmp_path / "mission")
    (tmp_path / "mission/claims.csv").write_bytes(b"\xff\xfe\x00broken")
    assert code(["run", str(mission), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr()
    assert "1 delivery could not be read" in told.err
    assert "claims.csv" in told.err
    assert "bulletin" in told.out
    with view(tmp_path / "out/ledger", KINDS) as ledger:
        (whole,) = [r for r in ledger.records(Rejection) if r.where == "delivery"]
        delivery = ledger.record(whole.derived_from[0])
        assert ledger.get(delivery.sha256) == b"\xff\xfe\x00broken"


def test_the_summary_can_be_read_by_a_script(finished, tmp_path, capsys):
    mission = finished / "mission/mission.yaml"
    shutil.copytree(finished / "out", tmp_path / "out")
    assert code(["run", str(mission), "--out", str(tmp_path / "out"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == 7
    assert told["root"] == root_of(finished / "out").hex()


KILLS = int(os.environ.get("TRUCEWATCH_KILLS", "4"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_run_killed_at_any_moment_ends_with_the_same_root(finished, tmp_path):
    mission = small_mission(tmp_path / "mission")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "trucewatch", "run", str(mission)]
    command += ["--out", str(out)]
    chance = random.Random(20250420)
    began = time.monotonic()
    subprocess.run(command, capture_output=True, check=True)
    usual_s = time.monotonic() - began
    for _ in range(KILLS):
        shutil.rmtree(out)
        going = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(usual_s * chance.uniform(0.2, 1.0))
        going.send_signal(signal.SIGKILL)
        going.wait()
        subprocess.run(command, capture_output=True, check=True)
        assert root_of(out) == root_of(finished / "out")
        assert code(["verify", str(out)]) == 0
