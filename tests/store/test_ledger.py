"""What goes into the ledger stays, in order, and can be shown."""

import dataclasses
import re
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import trucewatch
from tests.store.sample import (
    NOW,
    RAW,
    Bulletin,
    delivery,
    filled,
    observations,
    opened,
    problems,
)
from trucewatch.collect.delivery import Delivery
from trucewatch.collect.observation import Observation
from trucewatch.errors import LedgerError
from trucewatch.store import kinds, merkle, note
from trucewatch.store.reader import blob_path, view
from trucewatch.store.verify import verify_ledger

SOURCE = delivery()
ROWS = observations(20, SOURCE)


def test_records_come_back_equal_and_in_order(tmp_path):
    with opened(tmp_path / "ledger") as ledger:
        assert ledger.append([SOURCE, *ROWS[:5]], [RAW], why="first") == 6
        assert ledger.append(ROWS[5:], why="second") == 15
        assert ledger.records(Observation) == tuple(ROWS)
        assert ledger.records(Bulletin) == ()
        assert ledger.record(ROWS[7].id) == ROWS[7]
        assert ledger.get(SOURCE.sha256) == RAW
        assert ROWS[3].id in ledger
        assert "observation:00" not in ledger
        assert ledger.size == 21


def test_what_is_there_already_is_passed_over(tmp_path):
    with opened(tmp_path / "ledger") as ledger:
        ledger.append([SOURCE, *ROWS], [RAW, RAW], why="first")
        before = ledger.root, (ledger.folder / "custody.jsonl").read_bytes()
        assert ledger.append([SOURCE, *ROWS, *ROWS], [RAW], why="again") == 0
        assert (ledger.root, (ledger.folder / "custody.jsonl").read_bytes()) == before


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cuts=st.lists(st.integers(0, 21), max_size=4))
def test_the_root_depends_on_content_only(tmp_path_factory, cuts):
    records = [SOURCE, *ROWS]
    folder = tmp_path_factory.mktemp("ledgers")
    with opened(folder / "one", who="another", now=NOW.replace(year=2030)) as ledger:
        for begin, end in zip([0, *sorted(cuts)], [*sorted(cuts), 21], strict=True):
            ledger.append(records[:end][begin:], why=f"{begin}")
        found = ledger.root
    leaves = [merkle.leaf_hash(one.id.encode()) for one in records]
    assert found == merkle.root_of(leaves)


def test_a_record_without_its_sources_is_refused(tmp_path):
    with opened(tmp_path / "ledger") as ledger:
        with pytest.raises(LedgerError, match=f"derives from {SOURCE.id}"):
            ledger.append(ROWS, why="too early")
        with pytest.raises(LedgerError, match="append what it rests on first"):
            ledger.append([*ROWS, SOURCE], why="wrong order")
        assert ledger.size == 0
        assert ledger.append([SOURCE, *ROWS], [RAW], why="right order") == 21


def test_a_row_of_a_table_is_traced_to_its_table(tmp_path):
    row = dataclasses.replace(ROWS[0], derived_from=(f"{SOURCE.id}#7",))
    with opened(tmp_path / "ledger") as ledger:
        assert ledger.append([SOURCE, row], why="row") == 2


def test_a_record_whose_id_was_forged_is_refused(tmp_path):
    forged = dataclasses.replace(ROWS[0], derived_from=())
    object.__setattr__(forged, "_id", ROWS[0].id)
    with opened(tmp_path / "ledger") as ledger:
        with pytest.raises(LedgerError, match="not what its id says"):
            ledger.append([forged], why="forged")
        with pytest.raises(LedgerError, match="earlier write .* failed"):
            ledger.append([SOURCE], why="after")
    with opened(tmp_path / "ledger") as ledger:
        assert ledger.append([SOURCE], [RAW], why="opened again") == 1


def test_only_one_process_writes_and_readers_do_not_wait(tmp_path):
    with opened(tmp_path / "ledger") as ledger:
        ledger.append([SOURCE], [RAW], why="first")
        with pytest.raises(LedgerError, match="written by another process"):
            opened(tmp_path / "ledger")
        with view(tmp_path / "ledger", (Bulletin,)) as reader:
            ledger.append(ROWS, why="meanwhile")
            assert reader.size == 1
            assert reader.records(Observation) == ()
            assert ROWS[0].id not in reader
            assert reader.records(Delivery) == (SOURCE,)
        with view(tmp_path / "ledger") as reader:
            assert reader.size == 21
    opened(tmp_path / "ledger").close()


def test_a_copy_that_cannot_be_written_can_be_read(tmp_path):
    folder = filled(tmp_path / "ledger", 10, 1)
    folder.chmod(0o500)
    try:
        with view(folder) as reader:
            assert len(reader.records(Observation)) == 10
    finally:
        folder.chmod(0o700)


def test_proofs_show_a_record_and_an_earlier_ledger(tmp_path):
    with opened(tmp_path / "ledger") as ledger:
        ledger.append([SOURCE, *ROWS[:4]], why="first")
        size, root = ledger.size, ledger.root
        ledger.append(ROWS[4:], why="second")
        proof = ledger.prove(ROWS[11].id)
        leaf = merkle.leaf_hash(ROWS[11].id.encode())
        hashes = [bytes.fromhex(one) for one in proof.hashes]
        assert merkle.included(leaf, proof.index, proof.size, hashes, ledger.root)
        shown = [bytes.fromhex(one) for one in ledger.consistency(size)]
        assert merkle.consistent(size, ledger.size, root, ledger.root, shown)
        with pytest.raises(LedgerError, match="never one of 22"):
            ledger.consistency(22)
        with pytest.raises(LedgerError, match="does not hold observation:0"):
            ledger.prove("observation:0")


def test_an_altered_blob_is_never_handed_out(tmp_path):
    with opened(tmp_path / "ledger") as ledger:
        name = ledger.put(RAW, why="as delivered")
        assert name == sha256(RAW).hexdigest()
        blob_path(ledger.folder, name).write_bytes(RAW + b" ")
        with pytest.raises(LedgerError, match=f"blob {name} was altered"):
            ledger.get(name)
        blob_path(ledger.folder, name).unlink()
        with pytest.raises(LedgerError, match="cannot be read"):
            ledger.get(name)


def test_an_altered_record_is_never_handed_out(tmp_path):
    folder = filled(tmp_path / "ledger", 10, 1)
    path = folder / "packs" / "000000000001.jsonl"
    path.write_bytes(path.read_bytes().replace(b"outlet.example", b"outlet.exemple"))
    with view(folder) as reader, pytest.raises(LedgerError, match="was altered"):
        reader.records(Observation)


def test_a_record_of_an_unknown_class_needs_its_class(tmp_path):
    one = Bulletin(name="test", ledger_size=0, ledger_root="")
    with opened(tmp_path / "ledger", kinds=()) as ledger:
        ledger.append([one], why="bulletin")
        with pytest.raises(LedgerError, match="kind 'bulletin' need their class"):
            ledger.record(one.id)
    with view(tmp_path / "ledger", (Bulletin,)) as reader:
        assert reader.record(one.id) == one


def test_every_write_and_export_stands_in_custody(tmp_path):
    folder = filled(tmp_path / "ledger", 10, 1)
    lines = (folder / "custody.jsonl").read_text().splitlines()
    deeds = [line.split('"what":"')[1].split('"')[0] for line in lines]
    assert deeds == ["create", "append", "append", "cosign", "export"]
    assert f"blob:{SOURCE.sha256}" in lines[1]
    assert problems(verify_ledger(folder)) == []


def test_a_false_cosignature_is_refused(tmp_path):
    witness = Ed25519PrivateKey.from_private_bytes(bytes(32))
    key = note.public_key(witness, "witness.example", note.COSIGNATURE)
    line = note.cosigned("another text\n", witness, "witness.example", NOW)
    with opened(tmp_path / "ledger") as ledger:
        with pytest.raises(LedgerError, match="not a cosignature"):
            ledger.cosign(str(line), key)
        with pytest.raises(LedgerError, match="not a signature line"):
            ledger.cosign("nonsense", key)


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "thesis.txt").write_text("years of work")
    with pytest.raises(LedgerError, match="neither empty nor a ledger"):
        opened(tmp_path / "ledger")
    with pytest.raises(LedgerError, match="is not a ledger"):
        view(tmp_path / "ledger")


@pytest.mark.parametrize("name", ["with space", "with+plus", "line\nend"])
def test_a_name_no_key_can_have_is_made_one(tmp_path, name):
    with opened(tmp_path / "ledger", name=name) as ledger:
        assert not set(ledger.name) & set(" +\n")
    assert problems(verify_ledger(tmp_path / "ledger")) == []


def test_every_class_of_record_can_be_given_back():
    package = Path(trucewatch.__file__).parent
    found = set()
    for path in sorted(package.rglob("*.py")):
        if path.relative_to(package).parts[0] not in ("share", "store", "watch"):
            found |= set(re.findall(r"^class (\w+)\(Record\)", path.read_text(), re.M))
    assert found == {one.__name__ for one in kinds.KINDS}
