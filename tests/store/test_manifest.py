"""Each attack on a sealed bulletin is seen by somebody who has only its folder."""

import json
import shutil
from hashlib import sha256

import pytest

from tests.store.sample import Bulletin, filled, opened, problems, sealed
from trucewatch.errors import LedgerError
from trucewatch.record import canonical, decoded
from trucewatch.store import note
from trucewatch.store.manifest import Manifest, seal, verify_bulletin
from trucewatch.store.note import Signer


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("original")
    sealed(folder / "bulletin", filled(folder / "ledger", 20, 2))
    return folder


@pytest.fixture
def bulletin(original, tmp_path):
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    return tmp_path / "bulletin"


def failed(folder, **given):
    return [one.number for one in verify_bulletin(folder, **given) if not one.ok]


def resealed(folder, **changes):
    """Change the manifest and sign it with a key of one's own."""
    private = note.Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
    mine = Signer("ledger", private)
    body = json.loads((folder / "MANIFEST.json").read_bytes())
    for one in body["files"]:
        data = (folder / one["name"]).read_bytes()
        one |= {"sha256": sha256(data).hexdigest(), "size_bytes": len(data)}
    body |= {"public_key": str(mine.key)} | changes
    data = canonical(decoded(Manifest, body))
    (folder / "MANIFEST.json").write_bytes(data)
    lines = ("ledger/manifest", sha256(data).hexdigest(), body["bulletin"])
    signed = mine.sign("".join(f"{line}\n" for line in lines))
    (folder / "MANIFEST.sig").write_bytes(signed.encoded())


def test_a_sealed_bulletin_passes_alone_and_with_its_ledger(bulletin):
    key = (bulletin.parent / "ledger" / "public.key").read_text()
    assert failed(bulletin) == []
    found = verify_bulletin(bulletin, key, bulletin.parent / "ledger")
    assert [one.number for one in found] == [1, 2, 3, 4, 5, 6, 7]
    assert problems(found) == []


def test_the_key_is_shown_where_none_is_trusted(bulletin):
    key = (bulletin.parent / "ledger" / "public.key").read_text().strip()
    assert key in verify_bulletin(bulletin)[0].title
    assert key not in verify_bulletin(bulletin, key)[0].title


def test_a_bulletin_still_passes_when_the_ledger_has_grown(bulletin):
    with opened(bulletin.parent / "ledger") as ledger:
        later = Bulletin(name="x", ledger_size=21, ledger_root="00")
        ledger.append([later], why="later")
    assert failed(bulletin, ledger=bulletin.parent / "ledger") == []


@pytest.mark.parametrize("name", ["bulletin.html", "annex/incidents.csv"])
def test_altered_file(bulletin, name):
    (bulletin / name).write_bytes((bulletin / name).read_bytes() + b" ")
    assert failed(bulletin) == [2]


def test_lost_and_added_files(bulletin):
    (bulletin / "bulletin.html").rename(bulletin / "other.html")
    assert problems(verify_bulletin(bulletin)) == [
        "2: bulletin.html is missing",
        "2: other.html is not in the manifest",
    ]


def test_altered_bulletin_with_a_new_manifest(bulletin):
    """Whoever seals anew needs another key, and the record no longer fits."""
    (bulletin / "bulletin.html").write_text("<p>All was quiet.</p>")
    resealed(bulletin)
    assert failed(bulletin) == [4]
    key = str(bulletin.parent / "ledger" / "public.key")
    assert failed(bulletin, trusted_key=key) == [1]
    assert failed(bulletin, ledger=bulletin.parent / "ledger") == [4, 7]


def test_altered_record(bulletin):
    path = bulletin / "bulletin.json"
    path.write_bytes(path.read_bytes().replace(b"2025-04-20", b"2025-04-21"))
    assert {2, 3} <= set(failed(bulletin))


def test_altered_manifest(bulletin):
    path = bulletin / "MANIFEST.json"
    path.write_bytes(path.read_bytes().replace(b'"index":21', b'"index":20'))
    assert {1, 5} <= set(failed(bulletin))


def test_reformatted_manifest(bulletin):
    path = bulletin / "MANIFEST.json"
    path.write_bytes(json.dumps(json.loads(path.read_bytes())).encode())
    assert failed(bulletin) == [1]


def test_swapped_proofs(bulletin):
    body = json.loads((bulletin / "MANIFEST.json").read_bytes())
    resealed(bulletin, inclusion=body["consistency"], consistency=body["inclusion"])
    assert {4, 5, 6} <= set(failed(bulletin))


def test_signature_of_another_bulletin(bulletin, tmp_path):
    other = sealed(tmp_path / "second", bulletin.parent / "ledger")
    shutil.copyfile(other / "MANIFEST.sig", bulletin / "MANIFEST.sig")
    assert failed(bulletin) == [1]


def test_made_from_a_forked_ledger(bulletin, tmp_path):
    """The owner signs two histories; a bulletin of one does not fit the other."""
    fork = filled(tmp_path / "fork" / "ledger", 25, 2)
    assert failed(bulletin, ledger=fork) == [7]


def test_made_from_another_root_than_it_says(bulletin):
    with opened(bulletin.parent / "ledger") as ledger:
        false = Bulletin(name="x", ledger_size=5, ledger_root="00" * 32)
        ledger.append([false], why="false")
        shutil.rmtree(bulletin)
        bulletin.mkdir()
        seal(bulletin, false, ledger)
    assert failed(bulletin) == [6]


def test_set_back_ledger(bulletin, tmp_path):
    shorter = tmp_path / "short" / "ledger"
    shutil.copytree(bulletin.parent / "keys", tmp_path / "short" / "keys")
    filled(shorter, 5, 1)
    said = problems(verify_bulletin(bulletin, ledger=shorter))
    assert "7: the ledger has 6 records, the bulletin's had 22" in said


def test_a_bulletin_that_is_not_in_the_ledger_cannot_be_sealed(bulletin):
    stray = Bulletin(name="stray", ledger_size=0, ledger_root="")
    with opened(bulletin.parent / "ledger") as ledger:
        (bulletin / "bulletin.json").unlink()
        with pytest.raises(LedgerError, match="does not hold"):
            seal(bulletin, stray, ledger)
        assert not (bulletin / "bulletin.json").exists()


def test_another_bulletin_in_the_folder_is_not_overwritten(bulletin):
    one = Bulletin(name="other", ledger_size=0, ledger_root=sha256(b"").hexdigest())
    with opened(bulletin.parent / "ledger") as ledger:
        ledger.append([one], why="other")
        with pytest.raises(LedgerError, match="is not the bulletin's record"):
            seal(bulletin, one, ledger)


def test_sealing_again_gives_the_same_bytes(bulletin):
    before = {p: p.read_bytes() for p in bulletin.rglob("*") if p.is_file()}
    with opened(bulletin.parent / "ledger") as ledger:
        (one,) = ledger.records(Bulletin)
        seal(bulletin, one, ledger)
    assert before == {p: p.read_bytes() for p in bulletin.rglob("*") if p.is_file()}


@pytest.mark.parametrize("content", [b"", b"\xff\0", b"[" * 5000, b"{}", b"1"])
@pytest.mark.parametrize("name", ["MANIFEST.json", "MANIFEST.sig", "bulletin.json"])
def test_rubbish_is_a_finding_and_not_an_exception(bulletin, name, content):
    (bulletin / name).write_bytes(content)
    assert failed(bulletin)
    assert failed(bulletin, ledger=bulletin)


def test_an_empty_folder_fails_with_reasons(tmp_path):
    found = problems(verify_bulletin(tmp_path))
    assert found[0] == "1: MANIFEST.json cannot be read: No such file or directory"
