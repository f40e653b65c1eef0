"""Check a ledger from its files alone: no key, no server, none of the writer's code.

 1. the public key is well formed, and the trusted one if one is given
 2. the checkpoint is signed by it, and every cosignature holds
 3. the log holds as many entries as the checkpoint says, each a record id, each once
 4. every tile holds the hashes of the entries below it
 5. the hashes lead to the root of the checkpoint
 6. every record is canonical and hashes to its id, in the order of the log
 7. every record derives from records before it only
 8. every blob hashes to its name, and none that is cited is missing
 9. the custody chain is unbroken, signed, and accounts for every record and blob
10. the index says what the log says
11. no file is unknown

The caller's part: get the public key by another way than the ledger, and keep a
checkpoint, or a sealed bulletin, from earlier: only they show that a whole ledger was
replaced by another, or set back to an earlier day.
"""

from __future__ import annotations

from pathlib import Path

from trucewatch.errors import LedgerError
from trucewatch.store import note
from trucewatch.store.note import PublicKey
from trucewatch.store.step import Seen, Step, naming_key, steps
from trucewatch.store.verify_content import CONTENT
from trucewatch.store.verify_log import LOG

__all__ = ["Step", "given", "verify_ledger"]


def verify_ledger(folder: Path, trusted_key: str | None = None) -> tuple[Step, ...]:
    """What eleven steps say of the ledger in ``folder``; damage is never an exception.

    Args:
        folder: nothing in it is changed.
        trusted_key: the public key known by another way, or a file that holds it.

    Raises:
        LedgerError: if the trusted key is not a public key.
    """
    seen = Seen(folder, trusted=None if trusted_key is None else given(trusted_key))
    return naming_key(steps((*LOG, *CONTENT), seen), seen)


def given(trusted_key: str) -> PublicKey:
    """The public key a person gave, as the word itself or as a file.

    Raises:
        LedgerError: if it is not a public key.
    """
    try:
        path = Path(trusted_key)
        word = path.read_text("ascii") if "+" not in trusted_key else trusted_key
        return note.parsed_key(word)
    except (OSError, ValueError) as error:
        msg = f"{trusted_key!r} is neither a public key nor a file with one: {error}"
        raise LedgerError(msg) from error
