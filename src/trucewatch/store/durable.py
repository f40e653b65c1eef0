"""Files that are whole or not there, whatever happens while they are written."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from trucewatch.errors import LedgerError

# Names of files still being written begin so; the next writer removes them.
UNFINISHED = ".unfinished-"


def write(path: Path, data: bytes) -> None:
    """``path`` holds exactly ``data`` after this returns, and after a power cut."""
    write_all({path: data})


def write_all(files: Mapping[Path, bytes]) -> None:
    """Every file is durable after this returns; none was ever seen half written.

    Folders are created as needed. The files appear one by one, in order.
    """
    made: set[Path] = set()
    for folder in sorted({path.parent for path in files}):
        made |= _make_folder(folder)
    for path, data in files.items():
        unfinished = path.with_name(UNFINISHED + path.name)
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    for folder in sorted(made | {path.parent for path in files}):
        _sync_folder(folder)


def append_line(path: Path, line: bytes) -> None:
    """``line`` is the durable last line of ``path`` after this returns."""
    with path.open("ab") as file:
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def truncate(path: Path, size_bytes: int) -> None:
    """``path`` ends after its first ``size_bytes`` bytes, durably."""
    with path.open("r+b") as file:
        file.truncate(size_bytes)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def reported(folder: Path) -> Iterator[None]:
    """What the disk or the index refuses inside is told as an error of the ledger.

    Raises:
        LedgerError: if so.
    """
    try:
        yield
    except OSError as error:
        what = error.filename or folder
        msg = f"{what} cannot be used for the ledger: {error.strerror}"
        raise LedgerError(msg) from error
    except sqlite3.Error as error:
        msg = f"the index of {folder} cannot be written: {error}"
        raise LedgerError(msg) from error


def _make_folder(folder: Path) -> set[Path]:
    """Create ``folder``; gives the parents whose listings changed."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return {one.parent for one in missing}


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows has no handle to flush a folder with
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
