"""A writer killed at any moment loses nothing; opening again completes or undoes."""

import shutil
import sqlite3
import sys
from contextlib import closing

import pytest
from benchmarks.kill import checked, trial, write

from tests.store.sample import (
    RAW,
    delivery,
    filled,
    observations,
    opened,
    problems,
)
from trucewatch.collect.observation import Observation
from trucewatch.errors import LedgerError
from trucewatch.store.reader import view
from trucewatch.store.verify import verify_ledger

SOURCE = delivery()
FIRST, SECOND = observations(200, SOURCE), observations(300, SOURCE, first=200)
OTHER_RAW = b"another delivery"
CUSTODY = ("custody.jsonl", "custody.head")


@pytest.fixture
def before_and_after(tmp_path):
    """A ledger, a copy of it before its last commit, and its final root."""
    folder, before = tmp_path / "ledger", tmp_path / "before"
    with opened(folder) as ledger:
        ledger.append([SOURCE, *FIRST], [RAW], why="first")
    shutil.copytree(folder, before)
    with opened(folder) as ledger:
        ledger.append(SECOND, [OTHER_RAW], why="second")
        return folder, before, ledger.root


def set_back(folder, before, names):
    """Give the files of these names the content they had before the last commit."""
    for name in names:
        shutil.copyfile(before / name, folder / name)
    # Partial tiles go when the full one has come and the checkpoint counts.
    if "checkpoint" in names:
        shutil.copytree(before / "tile", folder / "tile", dirs_exist_ok=True)


def repeated(folder):
    """Open, repeat the last commit, and give the root."""
    with opened(folder) as ledger:
        ledger.append([SOURCE, *FIRST], [RAW], why="first")
        ledger.append(SECOND, [OTHER_RAW], why="second")
        return ledger.root


@pytest.mark.parametrize(
    "names",
    [
        ("checkpoint", *CUSTODY, "index.sqlite"),
        (*CUSTODY, "index.sqlite"),
        ("custody.head", "index.sqlite"),
        ("index.sqlite",),
    ],
    ids=["before it counts", "before custody", "before the head", "before the index"],
)
def test_a_commit_cut_off_at_each_stage_ends_the_same(before_and_after, names):
    folder, before, root = before_and_after
    set_back(folder, before, names)
    assert problems(verify_ledger(folder))
    assert repeated(folder) == root
    assert problems(verify_ledger(folder)) == []


def test_a_commit_that_never_counted_is_undone(before_and_after):
    folder, before, _ = before_and_after
    set_back(folder, before, ("checkpoint", *CUSTODY, "index.sqlite"))
    with opened(folder) as ledger:
        assert ledger.size == 201
        assert ledger.records(Observation) == tuple(FIRST)
    assert problems(verify_ledger(folder)) == []


def test_half_written_files_are_removed(before_and_after):
    folder, _, _ = before_and_after
    (folder / "packs" / ".unfinished-000000000501.jsonl").write_bytes(b"{")
    (folder / "tile" / "0" / ".unfinished-002").write_bytes(b"\0")
    assert len(problems(verify_ledger(folder))) == 2
    opened(folder).close()
    assert problems(verify_ledger(folder)) == []


def test_a_torn_line_of_custody_is_removed(before_and_after):
    folder, _, _ = before_and_after
    with (folder / "custody.jsonl").open("ab") as file:
        file.write(b'{"kind":"Event","previ')
    assert problems(verify_ledger(folder))
    opened(folder).close()
    assert problems(verify_ledger(folder)) == []


@pytest.mark.parametrize("damage", ["missing", "rubbish", "row lost"])
def test_the_index_is_built_again(before_and_after, damage):
    folder, before, _ = before_and_after
    if damage == "missing":
        (folder / "index.sqlite").unlink()
    elif damage == "rubbish":
        (folder / "index.sqlite").write_bytes(b"rubbish" * 1000)
    else:
        with closing(sqlite3.connect(folder / "index.sqlite")) as database, database:
            database.execute("DELETE FROM records WHERE seq = 77")
    with opened(folder) as ledger:
        assert ledger.records(Observation) == (*FIRST, *SECOND)
    assert problems(verify_ledger(folder)) == []


@pytest.mark.parametrize("damage", ["missing", "rubbish", "behind"])
def test_a_reader_does_without_the_index(before_and_after, damage):
    folder, before, _ = before_and_after
    (folder / "index.sqlite").unlink()
    if damage == "rubbish":
        (folder / "index.sqlite").write_bytes(b"rubbish" * 1000)
    elif damage == "behind":
        shutil.copyfile(before / "index.sqlite", folder / "index.sqlite")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with view(folder) as reader:
        assert reader.records(Observation) == (*FIRST, *SECOND)
        assert reader.record(SECOND[-1].id) == SECOND[-1]
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_full_disk_is_an_error_and_loses_nothing(before_and_after):
    import resource

    folder, _, root = before_and_after
    more = observations(50, SOURCE, first=500)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with opened(folder) as ledger:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
        try:
            with pytest.raises(LedgerError, match="cannot be used for the ledger"):
                ledger.append(more, why="too much")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        with pytest.raises(LedgerError, match="earlier write"):
            ledger.export("x", why="after")
    with opened(folder) as ledger:
        assert ledger.root == root
        assert ledger.append(more, why="again") == 50
    assert problems(verify_ledger(folder)) == []


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match="cannot be used for the ledger"):
        opened(tmp_path / "file")


def test_a_killed_first_use_is_completed(tmp_path):
    folder = filled(tmp_path / "ledger", 3, 1)
    for one in folder.iterdir():
        if one.name not in ("public.key", "lock", "custody.jsonl"):
            shutil.rmtree(one) if one.is_dir() else one.unlink()
    with opened(folder) as ledger:
        assert ledger.size == 0
    assert problems(verify_ledger(folder)) == []


def test_nothing_is_removed_on_the_word_of_an_older_checkpoint(before_and_after):
    folder, before, _ = before_and_after
    set_back(folder, before, ("checkpoint",))
    with pytest.raises(LedgerError, match="custody speaks of 501 records"):
        opened(folder)
    assert (folder / "packs" / "000000000201.jsonl").exists()


def test_a_lost_checkpoint_or_custody_is_not_made_up(before_and_after):
    folder, _, _ = before_and_after
    (folder / "custody.head").unlink()
    with pytest.raises(LedgerError, match="custody speaks of 0 records"):
        opened(folder)
    (folder / "checkpoint").unlink()
    with pytest.raises(LedgerError, match="has records and no checkpoint"):
        opened(folder)


def test_a_writer_killed_at_random_moments_reaches_the_same_root(tmp_path):
    roots = {trial(tmp_path / str(seed), seed, kills=1) for seed in range(8)}
    write(tmp_path / "alone" / "ledger")
    assert roots == {checked(tmp_path / "alone" / "ledger")}
