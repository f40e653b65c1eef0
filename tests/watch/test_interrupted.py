"""Folders in the way, full disks, signals: nothing lost, no half bulletin."""

import contextlib
import io
import os
import resource
import shutil
import signal
import subprocess
from datetime import UTC, datetime

import pytest

from tests.watch.missions import COMMAND, edit, linux
from trucewatch.store.ledger import Ledger
from trucewatch.store.reader import view
from trucewatch.watch.cli import code, main


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("out", "Not a directory"),
        ("out/ledger", "cannot be used for the ledger"),
        ("out/ledger/stranger", "neither empty nor a ledger"),
        ("out/bulletins", "cannot be written"),
        ("out/bulletins/2025-04-19", "cannot be written"),
        ("out/bulletins/2025-04-19/A1-cell-en", "cannot be written"),
        ("out/bulletins/2025-04-19/A1-cell-en.part", "cannot be written"),
    ],
)
def test_a_file_in_the_way_is_named_and_stays(block, says, mission, tmp_path, capsys):
    path = tmp_path / block
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    assert code(["run", str(mission), "--out", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert "fault of trucewatch" not in told
    assert path.read_text() == "mine"


def test_only_one_run_writes_at_a_time(finished, mission, tmp_path, run):
    shutil.copytree(finished / "out", tmp_path / "out")
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with Ledger.open(tmp_path / "out/ledger", now=now, who="other"):
        left, _, err = run()
    assert (left, "is being written by another process" in err) == (2, True)
    assert run()[0] == 0


def test_another_mission_does_not_write_into_the_folder_of_this_one(
    finished, mission, tmp_path, run
):
    shutil.copytree(finished / "out", tmp_path / "out")
    before = (tmp_path / "out/ledger/checkpoint").read_bytes()
    edit(mission, "mission: small", "mission: other")
    left, _, err = run()
    assert (left, "holds the mission 'small'" in err) == (2, True)
    assert (tmp_path / "out/ledger/checkpoint").read_bytes() == before


@linux
def test_a_full_disk_leaves_no_half_bulletin_and_a_run_that_goes_on(
    finished, mission, tmp_path, run
):
    edit(mission, "[json, csv]", "[map, csv]")

    def small_files_only():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    command = [*COMMAND, "run", str(mission), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        preexec_fn=small_files_only,
        check=False,
    )
    assert done.returncode == 2
    assert "R-public-en" in done.stderr
    assert "File too large" in done.stderr
    assert not list((tmp_path / "out").glob("**/*R-public*"))
    assert run()[0] == 0
    assert (tmp_path / "out/bulletins/2025-04-20/R-public-en/map.html").is_file()
    assert code(["verify", str(tmp_path / "out")]) == 0


@linux
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_stops_with_one_message_and_the_run_goes_on(
    workers, finished, mission, tmp_path, run
):
    command = [*COMMAND, "run", str(mission), "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        [*command, "--workers", workers],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as going:
        first = going.stderr.readline()
        os.killpg(going.pid, signal.SIGINT)
        rest = going.stderr.read()
    assert "taking in" in first
    assert going.returncode == 130
    assert rest.splitlines()[-1] == (
        "trucewatch: stopped; the same command goes on where it was"
    )
    assert "Traceback" not in rest
    assert run()[0] == 0
    with view(finished / "out/ledger") as one, view(tmp_path / "out/ledger") as other:
        assert one.root == other.root


@linux
def test_a_reader_that_leaves_is_no_fault(finished):
    read, write = os.pipe()
    os.close(read)
    command = [*COMMAND, "rejects", str(finished / "out")]
    with open(write, "wb") as nobody:  # noqa: PTH123
        done = subprocess.run(
            command, stdout=nobody, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (141, "")


def test_what_a_terminal_cannot_show_is_written_out(mission, tmp_path):
    mission.with_name("reports.csv").rename(mission.with_name("Звіт.csv"))
    edit(mission, "reports.csv", "Звіт.csv")
    shown = io.BytesIO()
    terminal = io.TextIOWrapper(shown, "ascii")
    with contextlib.redirect_stderr(terminal), pytest.raises(SystemExit) as left:
        main(["run", str(mission), "--out", str(tmp_path / "out")])
    terminal.flush()
    assert left.value.code == 0
    assert rb"\u0417\u0432\u0456\u0442.csv" in shown.getvalue()
