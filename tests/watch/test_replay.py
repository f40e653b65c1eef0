"""A bulletin can be made again from the ledger alone, byte for byte, by anybody."""

import json
import shutil

import pytest

from trucewatch.share.bulletin import Bulletin
from trucewatch.store.reader import view
from trucewatch.watch.cli import code
from trucewatch.watch.run import KINDS


def bulletins(folder):
    with view(folder / "out/ledger", KINDS) as ledger:
        return ledger.records(Bulletin)


@pytest.mark.parametrize("number", range(5))
def test_every_bulletin_comes_out_the_same(finished, number, capsys):
    wanted = bulletins(finished)[number]
    ledger = str(finished / "out/ledger")
    assert code(["replay", ledger, "--bulletin", wanted.id, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["equal"]
    assert told["compared_with"]


def test_replay_needs_no_private_key(finished, tmp_path, monkeypatch):
    monkeypatch.setenv("TRUCEWATCH_KEYS", str(tmp_path / "none"))
    wanted = bulletins(finished)[0]
    assert code(["replay", str(finished / "out/ledger"), "--bulletin", wanted.id]) == 0
    assert not (tmp_path / "none").exists()


def test_an_altered_file_is_named(finished, tmp_path, capsys):
    shutil.copytree(finished / "out", tmp_path / "out")
    folder = tmp_path / "out/bulletins/2025-04-20/R-public-en"
    path = folder / "incidents.csv"
    path.write_bytes(path.read_bytes().replace(b"likely", b"certain"))
    wanted = json.loads((folder / "bulletin.json").read_bytes())
    assert wanted["order"]["stage"] == "R"
    (made,) = [
        one
        for one in bulletins(finished)
        if one.order.stage == "R" and one.order.release == "public"
    ]
    ledger = str(tmp_path / "out/ledger")
    assert code(["replay", ledger, "--bulletin", made.id]) == 1
    assert "incidents.csv differs" in capsys.readouterr().out


def test_an_id_that_fits_nothing_lists_what_there_is(finished, capsys):
    assert code(["replay", str(finished / "out"), "--bulletin", "feed"]) == 2
    told = capsys.readouterr().err
    assert "0 bulletins fit 'feed'" in told
    assert "small/2025-04-20 R public" in told


def test_another_stage_can_be_issued_later(finished, tmp_path, capsys):
    shutil.copytree(finished / "out", tmp_path / "out")
    made = ["bulletin", str(tmp_path / "out"), "--day", "2025-04-20", "--stage"]
    made += ["Final", "--release", "parties", "--format", "csv"]
    assert code(made) == 0
    folder = tmp_path / "out/bulletins/2025-04-20/Final-parties-en"
    assert str(folder) in capsys.readouterr().out
    assert code(["verify", str(folder)]) == 0
    assert code(["verify", str(tmp_path / "out")]) == 0


def test_a_bulletin_needs_a_run_first(tmp_path, capsys):
    assert code(["bulletin", str(tmp_path), "--day", "2025-04-20"]) == 2
    assert "`trucewatch run` makes one" in capsys.readouterr().err
