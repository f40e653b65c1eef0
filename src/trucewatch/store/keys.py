"""Private keys, one for each ledger, that nobody but their owner can read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from trucewatch.errors import LedgerError
from trucewatch.store.note import ED25519, PublicKey, public_key

VARIABLE = "TRUCEWATCH_KEYS"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def folder_of_keys() -> Path:
    """Where private keys lie unless told otherwise."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else Path.home() / ".config" / "trucewatch" / "keys"


def create(folder: Path, name: str) -> PublicKey:
    """A fresh key lies in ``folder``, readable by its owner only.

    A ledger begun anew gets a new key, so that one key never vouches for two
    histories.

    Raises:
        LedgerError: if the folder is open to others.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_if_open_to_others(folder, "700")
    private = Ed25519PrivateKey.generate()
    key = public_key(private, name, ED25519)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle = os.open(path_of(folder, key), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return key


def load(folder: Path, key: PublicKey) -> Ed25519PrivateKey:
    """The private half of ``key``.

    Raises:
        LedgerError: if it is not in ``folder``, open to others, or another key.
    """
    path = path_of(folder, key)
    try:
        pem = path.read_bytes()
    except OSError as error:
        msg = (
            f"the private key of {key.name} cannot be read: {path}: {error.strerror};"
            f" set {VARIABLE} to the folder that holds it"
        )
        raise LedgerError(msg) from error
    _refuse_if_open_to_others(folder, "700")
    _refuse_if_open_to_others(path, "600")
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        msg = f"{path} is not an unencrypted PEM private key"
        raise LedgerError(msg) from error
    if (
        not isinstance(private, Ed25519PrivateKey)
        or public_key(private, key.name, ED25519) != key
    ):
        msg = f"{path} is not the private half of {key}"
        raise LedgerError(msg)
    return private


def path_of(folder: Path, key: PublicKey) -> Path:
    """Where the private half of ``key`` lies."""
    name = "".join(c if c.isalnum() or c in "-._" else "-" for c in key.name)
    return folder / f"{name}-{key.raw.hex()[:16]}.pem"


def _refuse_if_open_to_others(path: Path, right: str) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name != "nt" and mode & _OTHERS:
        msg = (
            f"{path} is open to other users (mode {mode:o}); run: chmod {right} {path}"
        )
        raise LedgerError(msg)
