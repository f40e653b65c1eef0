"""One writer at a time; readers never wait."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO

from trucewatch.errors import LedgerError


def acquire(path: Path) -> IO[bytes]:
    """The open file that holds the lock; closing it, or dying, gives the lock back.

    Raises:
        LedgerError: if another process, or this one, is already writing.
    """
    file = path.open("ab")
    try:
        _lock(file)
    except OSError as error:
        file.close()
        msg = f"{path.parent} is being written by another process; wait for it to end"
        raise LedgerError(msg) from error
    return file


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
