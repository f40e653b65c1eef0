"""Private keys are made once for each ledger and are their owner's only."""

import os
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.store.sample import opened
from trucewatch.errors import LedgerError
from trucewatch.store import keys, note

needs_modes = pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")


@needs_modes
def test_a_fresh_key_can_be_read_by_its_owner_only(tmp_path):
    key = keys.create(tmp_path / "keys", "ledger.example")
    path = keys.path_of(tmp_path / "keys", key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    private = keys.load(tmp_path / "keys", key)
    assert note.public_key(private, "ledger.example", note.ED25519) == key


@needs_modes
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_open_to_others_is_refused_with_the_remedy(tmp_path, mode):
    key = keys.create(tmp_path / "keys", "ledger.example")
    path = keys.path_of(tmp_path / "keys", key)
    path.chmod(mode)
    with pytest.raises(LedgerError, match=f"mode {mode:o}.*chmod 600 {path}"):
        keys.load(tmp_path / "keys", key)


@needs_modes
def test_a_folder_of_keys_open_to_others_is_refused(tmp_path):
    (tmp_path / "keys").mkdir(mode=0o755)
    with pytest.raises(LedgerError, match="chmod 700"):
        keys.create(tmp_path / "keys", "ledger.example")


def test_a_missing_key_is_named_with_the_remedy(tmp_path):
    opened(tmp_path / "ledger").close()
    with pytest.raises(LedgerError, match="private key of ledger.*TRUCEWATCH_KEYS"):
        opened(tmp_path / "ledger", keys=tmp_path / "elsewhere")


@pytest.mark.parametrize("content", [b"", b"no key", b"\xff\xfe"])
def test_a_file_that_is_no_key_is_refused(tmp_path, content):
    key = keys.create(tmp_path / "keys", "ledger.example")
    keys.path_of(tmp_path / "keys", key).write_bytes(content)
    with pytest.raises(LedgerError, match="not an unencrypted PEM private key"):
        keys.load(tmp_path / "keys", key)


def test_another_private_key_is_refused(tmp_path):
    first, second = (keys.create(tmp_path / "keys", name) for name in ("a", "b"))
    path = keys.path_of(tmp_path / "keys", first)
    path.write_bytes(keys.path_of(tmp_path / "keys", second).read_bytes())
    with pytest.raises(LedgerError, match="not the private half"):
        keys.load(tmp_path / "keys", first)


def test_every_ledger_has_a_key_of_its_own(tmp_path):
    with opened(tmp_path / "a" / "ledger") as one:
        first = one.key
    with opened(tmp_path / "b" / "ledger") as two:
        assert two.name == one.name
        assert two.key != first


def test_the_environment_names_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv(keys.VARIABLE, str(tmp_path / "named"))
    assert keys.folder_of_keys() == tmp_path / "named"
    monkeypatch.delenv(keys.VARIABLE)
    assert keys.folder_of_keys().parts[-3:] == (".config", "trucewatch", "keys")


def test_names_cannot_leave_the_folder(tmp_path):
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    key = note.public_key(private, "../../ledger", note.ED25519)
    assert keys.path_of(tmp_path, key).parent == tmp_path
