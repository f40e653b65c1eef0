"""Each attack on a ledger is seen, in the step that is meant to see it."""

import json
import os
import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256

import pytest
import rfc8785
from benchmarks.tamper import unnoticed

from tests.store.sample import (
    NOW,
    RAW,
    delivery,
    filled,
    opened,
    problems,
    sealed,
)
from trucewatch.errors import LedgerError
from trucewatch.store import checkpoint, keys, note
from trucewatch.store.checkpoint import Checkpoint
from trucewatch.store.merkle import root_of
from trucewatch.store.note import Signer
from trucewatch.store.reader import view
from trucewatch.store.tiles import Edge, grown
from trucewatch.store.verify import verify_ledger


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    return filled(tmp_path_factory.mktemp("original") / "ledger", 290, 3)


@pytest.fixture
def ledger(original, tmp_path):
    """A copy of the ledger, with its owner's key beside it."""
    shutil.copytree(original.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / "ledger"


def failed(folder, trusted=None):
    """Numbers of the steps that found something wrong."""
    return [one.number for one in verify_ledger(folder, trusted) if not one.ok]


def intruder(name="ledger"):
    """The key of somebody who is not the ledger's owner."""
    private = note.Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
    return Signer(name, private)


def owner_of(folder):
    """The owner turned attacker."""
    key = note.parsed_key((folder / "public.key").read_text())
    return Signer(key.name, keys.load(folder.parent / "keys", key))


def relaid(folder, names, signer):
    """Lay tiles and a signed checkpoint for another list of entries."""
    shutil.rmtree(folder / "tile")
    edge, files = grown(Edge(), [name.encode() for name in names])
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    head = Checkpoint(signer.name, edge.size, edge.root())
    (folder / "checkpoint").write_bytes(signer.sign(head.text()).encoded())


def entries(folder):
    with view(folder) as reader:
        count = reader.size
    pack = b"".join(p.read_bytes() for p in sorted((folder / "packs").iterdir()))
    lines = pack.split(b"\n")[:count]
    kinds = [json.loads(line)["kind"].lower() for line in lines]
    return [
        f"{k}:{sha256(one).hexdigest()}" for k, one in zip(kinds, lines, strict=True)
    ]


def test_an_untouched_ledger_passes_every_step(ledger):
    found = verify_ledger(ledger)
    assert [one.number for one in found] == list(range(1, 12))
    assert problems(found) == []


def test_verifying_changes_nothing(ledger):
    before = {p: p.read_bytes() for p in ledger.rglob("*") if p.is_file()}
    verify_ledger(ledger)
    assert before == {p: p.read_bytes() for p in ledger.rglob("*") if p.is_file()}


def test_random_changes_are_all_noticed(ledger, tmp_path):
    other = tmp_path / "whole" / "ledger"
    bulletin = sealed(tmp_path / "bulletin", filled(other, 20, 2))
    trials = int(os.environ.get("TRUCEWATCH_TAMPER_TRIALS", "30"))
    assert unnoticed(ledger, bulletin, trials, seed=5) == []


def test_flipped_record(ledger):
    path = ledger / "packs" / "000000000001.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"C"', b'"A"', 1))
    assert 6 in failed(ledger)


def test_reformatted_record_with_its_own_hash(ledger):
    path = ledger / "packs" / "000000000000.jsonl"
    line = path.read_bytes()
    path.write_bytes(line.replace(b'":', b'": ', 1))
    assert "6: record 0" in "".join(problems(verify_ledger(ledger)))


def test_truncated_pack(ledger):
    path = ledger / "packs" / "000000000001.jsonl"
    path.write_bytes(path.read_bytes()[:-700])
    assert 6 in failed(ledger)


def test_reordered_records(ledger):
    path = ledger / "packs" / "000000000001.jsonl"
    first, second, *others = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join((second, first, *others)))
    assert 6 in failed(ledger)


def test_dropped_last_entry(ledger):
    names = entries(ledger)[:-1]
    relaid(ledger, names, intruder())
    assert failed(ledger)[0] == 2


def test_set_back_checkpoint(ledger):
    before = (ledger / "checkpoint").read_bytes()
    more = delivery(b"more", "more.csv")
    with opened(ledger) as one:
        one.append([more], [b"more"], why="more")
    (ledger / "checkpoint").write_bytes(before)
    assert {6, 9, 10, 11} <= set(failed(ledger))


def test_replaced_key(ledger):
    mine = intruder()
    trusted = (ledger / "public.key").read_text()
    relaid(ledger, entries(ledger), mine)
    (ledger / "public.key").write_text(f"{mine.key}\n")
    assert failed(ledger) == [9]  # the custody head still knows the owner
    assert failed(ledger, trusted)[:2] == [1, 2]


def test_forked_tiles_signed_by_the_owner(ledger):
    names = entries(ledger)
    names[5], names[6] = names[6], names[5]
    owner = owner_of(ledger)
    relaid(ledger, names, owner)
    assert {6, 9, 10} <= set(failed(ledger))


def test_swapped_tiles(ledger):
    one, two = ledger / "tile/0/000", ledger / "tile/0/001.p/35"
    data = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(data)
    assert failed(ledger) == [4]


def test_missing_tile(ledger):
    (ledger / "tile/1/000.p/1").unlink()
    assert failed(ledger) == [4]


def test_repeated_entry(ledger):
    names = entries(ledger)
    relaid(ledger, [*names, names[-1]], owner_of(ledger))
    assert 3 in failed(ledger)


def test_entry_that_is_no_record_id(ledger):
    relaid(ledger, [*entries(ledger), "../../etc/passwd"], owner_of(ledger))
    assert 3 in failed(ledger)


def test_record_deriving_from_nothing(ledger):
    """The owner adds a record, properly hashed and signed, that rests on nothing."""
    body = rfc8785.dumps({"derived_from": ["delivery:00"], "kind": "Rejection"})
    names = [*entries(ledger), f"rejection:{sha256(body).hexdigest()}"]
    relaid(ledger, names, owner_of(ledger))
    (ledger / "packs" / f"{len(names) - 1:012d}.jsonl").write_bytes(body + b"\n")
    assert "derives from delivery:00" in "".join(problems(verify_ledger(ledger)))


def test_altered_blob(ledger):
    path = next(path for path in (ledger / "blobs").rglob("*") if path.is_file())
    path.write_bytes(RAW.replace(b"2025", b"2024"))
    assert failed(ledger) == [8]


def test_lost_blob(ledger):
    next(path for path in (ledger / "blobs").rglob("*") if path.is_file()).unlink()
    assert failed(ledger) == [8, 9]


def test_smuggled_blob(ledger):
    name = sha256(b"smuggled").hexdigest()
    (ledger / "blobs" / name[:2]).mkdir(exist_ok=True)
    (ledger / "blobs" / name[:2] / name).write_bytes(b"smuggled")
    assert failed(ledger) == [9]


@pytest.mark.parametrize("line", range(6))
def test_dropped_custody_event(ledger, line):
    path = ledger / "custody.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:line] + lines[line + 1 :]))
    assert 9 in failed(ledger)


def test_rechained_custody(ledger):
    """Without the key, a custody file chained anew does not fit its signed head."""
    previous, lines = sha256(b"").hexdigest(), []
    for line in (ledger / "custody.jsonl").read_bytes().splitlines():
        event = json.loads(line) | {"who": "somebody else", "previous": previous}
        lines.append(rfc8785.dumps(event))
        previous = sha256(lines[-1]).hexdigest()
    (ledger / "custody.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    assert failed(ledger) == [9]


def test_stripped_cosignature_key(ledger):
    (ledger / "witnesses").unlink()
    assert failed(ledger) == [2]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE records SET pack = 0 WHERE seq = 9",
        "UPDATE records SET id = 'observation:00' WHERE seq = 9",
        "DELETE FROM records WHERE seq = 290",
        "DELETE FROM blobs",
        "INSERT INTO blobs VALUES ('00')",
        "DROP TABLE records",
    ],
)
def test_changed_index(ledger, sql):
    with closing(sqlite3.connect(ledger / "index.sqlite")) as database, database:
        database.execute(sql)
    assert failed(ledger) == [10]


@pytest.mark.parametrize(
    "name", ["notes.txt", "tile/0/005", "tile/0/000.p/9", "tile/9/x", "blobs/ab/cd"]
)
def test_unknown_file(ledger, name):
    (ledger / name).parent.mkdir(parents=True, exist_ok=True)
    (ledger / name).write_bytes(b"")
    assert name.rsplit("/", 1)[-1] in "".join(problems(verify_ledger(ledger)))


def test_link_in_place_of_a_file(ledger, tmp_path):
    path = ledger / "packs" / "000000000000.jsonl"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert failed(ledger) == [11]


NAMES = ["checkpoint", "public.key", "witnesses", "custody.jsonl", "custody.head"]


@pytest.mark.parametrize("content", [b"", b"\xff\0\n\n", b"[" * 5000, b"{}\n", b"1\n"])
@pytest.mark.parametrize("name", [*NAMES, "index.sqlite", "packs/000000000000.jsonl"])
def test_rubbish_is_a_finding_and_not_an_exception(ledger, name, content):
    if (name, content) == ("witnesses", b""):
        assert failed(ledger) == []
    (ledger / name).write_bytes(content)
    assert failed(ledger)


def test_a_folder_that_is_no_ledger_fails_with_reasons(tmp_path):
    found = problems(verify_ledger(tmp_path))
    assert found[0] == "1: public.key cannot be read: No such file or directory"


def test_what_is_no_key_cannot_be_trusted(ledger, tmp_path):
    with pytest.raises(LedgerError, match="neither a public key nor a file"):
        verify_ledger(ledger, "nonsense")
    with pytest.raises(LedgerError, match="neither a public key nor a file"):
        verify_ledger(ledger, "non+sen+se")
    assert failed(ledger, str(ledger / "public.key")) == []


def test_many_problems_are_counted_not_listed(ledger):
    path = ledger / "packs" / "000000000001.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"C"', b'"A"'))
    found = verify_ledger(ledger)[5].problems
    assert len(found) == 21
    assert found[-1].startswith("and ")


def test_a_ledger_of_nothing_passes(tmp_path):
    opened(tmp_path / "ledger", now=NOW).close()
    assert failed(tmp_path / "ledger") == []
    head = note.parsed((tmp_path / "ledger" / "checkpoint").read_bytes())
    assert checkpoint.parsed(head.text).root == root_of([])
