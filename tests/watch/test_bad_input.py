"""Whatever a clumsy or hostile hand gives the command line: one clear message, or a
kept rejection; never a traceback, nothing lost, no half bulletin."""

import contextlib
import gzip
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime

import pytest

from tests.watch.missions import REPORTS, small_mission
from trucewatch.collect.delivery import Delivery
from trucewatch.errors import MissionError
from trucewatch.store.ledger import Ledger
from trucewatch.store.reader import view
from trucewatch.watch.cli import code, main
from trucewatch.watch.intake import arrivals
from trucewatch.watch.mission import read_mission
from trucewatch.watch.run import KINDS

COMMAND = [sys.executable, "-m", "trucewatch"]
HIDDEN = ("\x1b", "\x07", "\u202e", "\ud800")
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux devices")


@pytest.fixture
def mission(tmp_path):
    return small_mission(tmp_path / "mission")


@pytest.fixture
def reports(mission):
    return mission.with_name("reports.csv")


@pytest.fixture
def run(mission, tmp_path, capsys):
    """Run the mission; give its exit code, output and messages, all checked."""

    def run(*options):
        left = code(["run", str(mission), "--out", str(tmp_path / "out"), *options])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        assert "fault of trucewatch" not in told.err
        assert not any(one in told.out + told.err for one in HIDDEN)
        assert not list((tmp_path / "out").glob("**/*.part"))
        return left, told.out, told.err

    return run


def rejected(out, capsys):
    capsys.readouterr()
    assert code(["rejects", str(out), "--json"]) == 0
    return {one["where"]: one["why"] for one in json.loads(capsys.readouterr().out)}


def kept(out):
    """The bytes of every delivery in a ledger, by name."""
    with view(out / "ledger", KINDS) as ledger:
        found = ledger.records(Delivery)
        return {one.name: ledger.get(one.sha256) for one in found}


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def zipped(size_bytes):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("reports.csv", bytes(size_bytes))
    return made.getvalue()


# Rows


@pytest.mark.parametrize(
    ("raw", "where", "why"),
    [
        (REPORTS[:-40].encode(), "line 6", "cut short"),
        (REPORTS.replace("Dnipro", "Дніпро").encode("cp1251"), "line 3", "encoding"),
        (REPORTS.replace("Dnipro", "Dniprö").encode("latin-1"), "line 3", "encoding"),
        (REPORTS.replace("36.25", "NaN").encode(), "line 2", "'NaN' is not a finite"),
        (REPORTS.replace("36.25", "-inf").encode(), "line 2", "'-inf' is not a finite"),
        (REPORTS.replace("36.25", "136.25", 1).replace("49.98", "149.98").encode(),)
        + ("line 2", "out of range"),
        (REPORTS.replace("2025-04-19 16", "0001-01-01 00").encode(), "line 2", ""),
        (REPORTS.replace("2025-04-19 16:30:00", "9999-12-31").encode(), "line 2", ""),
        (REPORTS.replace("2025-04-19 16:30", "2025-03-30 03:30").encode(),)
        + ("line 2", "skipped"),
        (REPORTS.replace("Dnipro", "Dni\0pro").encode(), "line 3", "NUL"),
    ],
)
def test_a_row_nobody_can_use_is_kept_with_its_line(
    raw, where, why, mission, reports, run, tmp_path, capsys
):
    edit(mission, "feed: press", "feed: press, zone: Europe/Kyiv")
    reports.write_bytes(raw)
    left, out, _ = run()
    assert left == 0
    assert "2 deliveries, 7 rows, 2 rejected" in out
    assert f"trucewatch rejects {tmp_path / 'out'}" in out
    found = rejected(tmp_path / "out", capsys)
    assert why in found[where]
    assert "nonsense" in found["line 5"]
    assert kept(tmp_path / "out")["reports.csv"] == raw


def test_times_without_a_zone_are_refused_where_none_is_named(
    mission, reports, run, tmp_path, capsys
):
    edit(mission, "feed: press", "feed: press, zone: ''")
    assert run()[0] == 0
    found = rejected(tmp_path / "out", capsys)
    assert sum("has no time zone" in why for why in found.values()) == 5


def test_swapped_coordinates_are_found_by_bounds(
    mission, reports, run, tmp_path, capsys
):
    edit(mission, "feed: press", "feed: press, bounds: '22,44,41,53'")
    edit(reports, "36.25,49.98", "49.98,36.25")
    assert run()[0] == 0
    assert "probably swapped" in rejected(tmp_path / "out", capsys)["line 2"]


def test_rows_given_twice_are_counted_and_add_no_incident(reports, run):
    once = run()[1].partition("; ")[2].splitlines()[0]
    reports.write_text(REPORTS + REPORTS.partition("\n")[2])
    left, out, _ = run()
    assert left == 0
    assert "12 rows, 2 rejected" in out
    assert out.partition("; ")[2].splitlines()[0] == once


# Deliveries


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "found: nothing"),
        (REPORTS.encode("utf-16"), "set option encoding to utf-16"),
        (REPORTS.encode("utf-16-le"), "lacks columns"),
        (bytes(5000), "lacks columns"),
        (REPORTS.replace("datetime", "\x1b[31m\u202e").encode(), "lacks columns"),
        (gzip.compress(bytes(6_000_000)), "grows more than 200 times"),
        (gzip.compress(REPORTS.encode())[:60], "cut short"),
        (zipped(6_000_000), "ZIP archive"),
        (REPORTS.encode() + b"7" * 20_000_000, "line 7 is longer than"),
        (b"7" * 2_000_000, "line 1 is longer than"),
    ],
    ids=lambda one: one[:12] if isinstance(one, str) else len(one),
)
def test_a_delivery_nobody_can_read_is_kept_as_it_came(
    raw, says, reports, run, tmp_path
):
    reports.write_bytes(raw)
    left, _, err = run()
    assert left == 2
    assert "1 delivery could not be read:\n  reports.csv: " in err
    assert says in err
    assert kept(tmp_path / "out")["reports.csv"] == raw
    assert code(["verify", str(tmp_path / "out")]) == 0


@linux
@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.symlink_to(path.name), "a link that leads nowhere"),
        (lambda path: path.symlink_to("nowhere"), "a link that leads nowhere"),
        (os.mkfifo, "is a named pipe"),
        (lambda path: path.symlink_to("/dev/zero"), "is a device"),
        (lambda path: path.symlink_to("/proc/self/mem"), "cannot be read"),
    ],
)
def test_what_is_no_regular_file_is_named_not_waited_for(make, says, reports, run):
    reports.unlink()
    make(reports)
    left, _, err = run()
    assert left == 2
    assert f"{reports} " in err
    assert says in err


@linux
@pytest.mark.parametrize("arguments", [["run"], ["review", "OUT", "--decisions"]])
@pytest.mark.parametrize("what", ["pipe", "/dev/zero"])
def test_hand_written_files_are_not_read_from_pipes(
    arguments, what, finished, tmp_path, capsys
):
    if what == "pipe":
        what = str(tmp_path / "pipe")
        os.mkfifo(what)
    out = str(finished / "out")
    assert code([out if one == "OUT" else one for one in arguments] + [what]) == 2
    assert f"{what} is a" in capsys.readouterr().err


def test_a_file_that_vanishes_is_named_and_those_before_it_are_kept(tmp_path):
    path = small_mission(tmp_path / "mission")
    edit(path, "files: reports.csv", "files: '*s.csv'")
    coming = arrivals(read_mission(path))
    assert next(coming).delivery.name == "claims.csv"
    path.with_name("reports.csv").unlink()
    with pytest.raises(MissionError, match=r"reports\.csv cannot be read: No such"):
        next(coming)


def test_files_and_folders_without_permission_are_named(reports, run, tmp_path):
    reports.chmod(0)
    if os.access(reports, os.R_OK):
        pytest.skip("whoever runs this may read everything")
    assert "reports.csv cannot be read: Permission denied" in run()[2]
    reports.chmod(0o600)
    shutil.rmtree(tmp_path / "out")
    (tmp_path / "out").mkdir(mode=0o500)
    left, _, err = run()
    assert (left, "out/ledger cannot be used" in err) == (2, True)


@linux
def test_names_cannot_command_the_terminal_and_are_kept(mission, run, tmp_path, capsys):
    edit(mission, "files: claims.csv", "files: claims.txt")
    mission.with_name("claims.csv").rename(mission.with_name("claims.txt"))
    edit(mission, "reports.csv", "'*.csv'")
    folder = os.fsencode(mission.parent)
    names = [b"two\nlines\xe2\x80\xae\x1b[31m", b"\xff\xfe", b"[bold]x[blink]", b"-rf"]
    names.append(b"l" * 251)
    for number, name in enumerate(names):
        with open(os.path.join(folder, name + b".csv"), "w") as file:  # noqa: PTH118, PTH123
            file.write(f"{REPORTS}{number}\n")
    left, out, err = run()
    assert left == 0
    assert "7 deliveries" in out
    assert r"two\nlines\u202e\x1b[31m.csv" in err
    assert set(kept(tmp_path / "out")) >= {r"\xff\xfe.csv", "l" * 251 + ".csv"}
    assert code(["rejects", str(tmp_path / "out"), "--delivery", r"\xff\xfe.csv"]) == 0
    assert "line 7: it has 1 fields" in capsys.readouterr().out


# Mission files


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("mission: small", "mission: ../x", 1, "mission: String should match"),
        ("mission: small", "mission: small\nmission: other", 2, "stands here twice"),
        ("mission: small", "mission: !!python/object:os.system x", 1, "tags have no"),
        ("mission: small", "mission: &a [*a]", 1, "anchors and aliases"),
        ("mission: small", "mission: small\n\tx: 1", 2, "cannot be read as YAML"),
        ("mission: small", "mission: " + "[" * 5000, 1, "levels deep"),
        ("mission: small", "folder: /etc\nmission: small", 1, "Extra inputs"),
        ("A small mission on invented facts", r'"\u202e"', 2, "U+202E; take it out"),
        ("A small mission on invented facts", r'"\ud800"', 2, "U+D800; take it out"),
        ("A small mission on invented facts", r'"\e[31m"', 2, "U+001B; take it out"),
        ("zone: Europe/Kyiv", "zone: ../../etc/passwd", 5, "no IANA time zone"),
        ("zone: Europe/Kyiv", "horizon: -P3D", 5, "greater than or equal to 0"),
        ("zone: Europe/Kyiv", "horizon: P900000D", 5, "less than or equal to 366"),
        ("zone: Europe/Kyiv", "cutoff_after_day: P9999999D", 5, "or equal to 366"),
        ("first: 2025", "first: 0001", 4, "days must lie between"),
        ("last: 2025", "last: 9999", 4, "days must lie between"),
        ("last: 2025", "last: 2125", 4, "at most 36525 days"),
        ("first: 2025-04-19", "first: 2025-02-30", 4, "first: Input should be"),
        ("days: [2025-04-20]", "days: [2031-01-01]", 14, "outside the days watched"),
        ("[json, csv]", "[json], language: ../../x", 14, "no language '../../x'"),
        ("[json, csv]", "[]", 14, "at least 1 item"),
        ("media_reports", "../media_reports", 9, "no source"),
        ("{feed: press}", "{feed: press, feed: x}", 9, "stands here twice"),
    ],
)
def test_a_trick_in_a_mission_file_is_told_with_its_line(
    old, new, line, says, mission, run, tmp_path
):
    edit(mission, old, new)
    left, _, err = run()
    assert left == 2
    assert f"{mission}:{line}: " in err
    assert says in err
    assert not (tmp_path / "out").exists()


def test_an_anchor_bomb_is_told_in_few_lines(mission, run):
    levels = [f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]" for n in range(1, 40)]
    mission.write_text("k0: &k0 x\n" + "\n".join(levels))
    left, _, err = run()
    assert left == 2
    assert err.count("\n") < 60
    assert "more" in err.splitlines()[-1]


@pytest.mark.parametrize(
    "pattern", ["***", "a**", ".", "/", "x" * 300, "[", "${NOPE}/x"]
)
def test_a_pattern_that_names_no_file_is_quoted(pattern, mission, run, monkeypatch):
    monkeypatch.delenv("NOPE", raising=False)
    edit(mission, "files: reports.csv", f"files: '{pattern}'")
    left, _, err = run()
    assert left == 2
    assert pattern[:60] in err


def test_a_file_whose_name_reads_like_a_pattern_is_found(mission, run):
    reports = mission.with_name("reports.csv")
    reports.rename(reports.with_name("reports [1].csv"))
    edit(mission, "reports.csv", "'reports [1].csv'")
    assert run()[0] == 0


def test_contradictory_terms_are_told_with_clause_and_line(mission, run, tmp_path):
    from trucewatch.watch.start import bundled

    terms = bundled("easter2025").parents[1] / "agreements/easter2025.yaml"
    own = mission.with_name("terms.yaml")
    own.write_text(terms.read_text("utf-8").replace("where: everywhere", "where: moon"))
    edit(mission, str(terms), "terms.yaml")
    left, _, err = run()
    assert left == 2
    line = own.read_text("utf-8").partition("where: moon")[0].count("\n") + 1
    assert f"{own}:{line}:" in err
    assert "moon" in err
    assert not (tmp_path / "out").exists()


def test_a_sector_the_agreement_lacks_is_named(mission, run):
    edit(mission, "zone: Europe/Kyiv", "zone: Europe/Kyiv\nsectors: [moon]")
    left, _, err = run()
    assert (left, "['moon'] are no zones" in err) == (2, True)


@pytest.mark.parametrize(
    "day", ["2025-03-30", "2025-10-26", "1900-01-01", "2200-01-01"]
)
def test_odd_days_are_watched_like_others(day, mission, run):
    edit(mission, "first: 2025-04-19, last: 2025-04-21", f"first: {day}, last: {day}")
    edit(mission, "days: [2025-04-20]", "days: all")
    left, out, _ = run()
    assert (left, out.count("\nbulletin ")) == (0, 3)


# Folders, disks, signals


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


# Options


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--day", "0001-01-01"], "does not lie between 1900-01-01"),
        (["--day", "9999-12-31"], "does not lie between 1900-01-01"),
        (["--day", "2025-02-30"], "'2025-02-30'"),
        (["--day", ""], "''"),
        (["--day", "2024-04-20"], "2024-04-20 was not watched"),
        (["--day", "2025-04-20", "--format", ""], "no format ['']"),
        (["--day", "2025-04-20", "--format", "csv,../x"], "no format ['../x']"),
        (["--day", "2025-04-20", "--lang", "../x"], "no language '../x'"),
        (["--day", "2025-04-20", "--stage", "F0"], "a flash (F0) goes to the cell"),
        (["--day", "2025-04-20", "--release", "all"], "'all'"),
    ],
)
def test_an_odd_option_of_bulletin_changes_nothing(options, says, finished, capsys):
    before = (finished / "out/ledger/checkpoint").read_bytes()
    assert code(["bulletin", str(finished / "out"), *options]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert "fault of trucewatch" not in told
    assert (finished / "out/ledger/checkpoint").read_bytes() == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--until", "soon"], "datetime"),
        (["--workers", "0"], "greater than or equal to 1"),
        (["--workers", "x"], "integer"),
        (["--workers", "100000"], "less than or equal to"),
        (["--colour"], "--colour"),
    ],
)
def test_an_odd_option_of_run_is_refused(options, says, run):
    left, _, err = run(*options)
    assert (left, says in err) == (2, True)


@pytest.mark.parametrize(
    "until", ["0001-01-01", "1990-01-01", "2025-04-19T23:59+14:00"]
)
def test_until_before_everything_takes_in_and_issues_nothing(until, run, tmp_path):
    left, out, _ = run("--until", until)
    assert left == 0
    assert "\nbulletin" not in out
    assert set(kept(tmp_path / "out")) == {"reports.csv", "claims.csv"}


def test_replay_does_not_compare_with_nothing(finished, tmp_path, capsys):
    (made,) = (finished / "out/bulletins").glob("2025-04-19/*/bulletin.json")
    manifest = json.loads(made.with_name("MANIFEST.json").read_bytes())
    wanted = ["replay", str(finished / "out"), "--bulletin", manifest["bulletin"]]
    assert code([*wanted, "--published", str(tmp_path)]) == 2
    assert "holds no published bulletin" in capsys.readouterr().err


def test_a_format_asked_for_later_is_added_to_the_sealed_folder(finished, tmp_path):
    shutil.copytree(finished / "out", tmp_path / "out")
    folder = tmp_path / "out/bulletins/2025-04-20/R-public-en"
    before = (folder / "bulletin.json").read_bytes()
    made = ["bulletin", str(tmp_path / "out"), "--day", "2025-04-20"]
    assert code([*made, "--format", "geojson"]) == 0
    there = {one.name for one in folder.iterdir()}
    assert {"incidents.geojson", "incidents.csv", "bulletin.json"} <= there
    assert (folder / "bulletin.json").read_bytes() == before
    assert code(["verify", str(folder)]) == 0


def test_a_day_must_be_named_by_the_mission(mission):
    watched = read_mission(mission)
    watched.check_watched(date(2025, 4, 21))
    with pytest.raises(ValueError, match="2025-04-22 is not in"):
        watched.check_watched(date(2025, 4, 22))


@linux
@pytest.mark.parametrize("name", ["MANIFEST.json", "MANIFEST.sig", "incidents.csv"])
@pytest.mark.parametrize("target", ["pipe", "/dev/zero"])
def test_a_trap_in_a_folder_to_verify_is_named(
    name, target, finished, tmp_path, capsys
):
    made = finished / "out/bulletins/2025-04-20/R-public-en"
    trap = shutil.copytree(made, tmp_path / "copy") / name
    trap.unlink()
    if target == "pipe":
        os.mkfifo(trap)
    else:
        trap.symlink_to(target)
    assert code(["verify", str(trap.parent)]) == 2
    assert f"{trap} is a " in capsys.readouterr().err


# Rejects


def test_every_rejection_can_be_listed_with_the_bytes_it_came_from(finished, capsys):
    assert code(["rejects", str(finished / "out")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "reports.csv: line 5: 'nonsense' is not a number",
        "1 row or delivery rejected",
    ]
    assert code(["rejects", str(finished / "out"), "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["delivery"], one["source"]) == ("reports.csv", "media_reports")
    with open(one["blob"], "rb") as blob:  # noqa: PTH123
        assert blob.read() == REPORTS.encode()


def test_rejections_of_one_delivery_can_be_asked_for(finished, capsys):
    made = ["rejects", str(finished / "out/ledger"), "--delivery", "claims.csv"]
    assert code(made) == 0
    assert capsys.readouterr().out == "0 rows or deliveries rejected\n"


def test_rejects_needs_a_ledger(tmp_path, capsys):
    assert code(["rejects", str(tmp_path)]) == 2
    assert "`trucewatch run` makes one" in capsys.readouterr().err
