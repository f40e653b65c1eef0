"""Read regular files: all they hold and no more, never waiting for a pipe."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from trucewatch.errors import MissionError

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def whole(path: Path, limit_bytes: int) -> bytes:
    """Every byte of a regular file.

    Raises:
        MissionError: if it is absent, no regular file, cannot be read, grows while it
            is read, or has more than ``limit_bytes``.
    """
    try:
        handle = os.open(path, _FLAGS)
        try:
            return _all_of(handle, path, limit_bytes)
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        msg = f"{path} cannot be read: {reason}"
        raise MissionError(msg) from error


def refuse_special(folder: Path) -> None:
    """Return when a folder somebody else may have made holds nothing that traps us.

    Raises:
        MissionError: if a pipe, socket or device is in it, or a link leads to one:
            whoever reads it would wait, or read, without end.
    """
    for path in sorted(folder.rglob("*")):
        if path.exists() and not (path.is_file() or path.is_dir()):
            msg = f"{path} is {what_it_is(path)}; trucewatch did not put it there"
            raise MissionError(msg)


def what_it_is(path: Path) -> str:
    """What stands at a path that is no regular file; empty if nothing does."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return "a link that leads nowhere" if path.is_symlink() else ""
    return _kind(mode)


def _all_of(handle: int, path: Path, limit_bytes: int) -> bytes:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        msg = f"{path} is {_kind(status.st_mode)}, not a regular file"
        raise MissionError(msg)
    if status.st_size > limit_bytes:
        msg = f"{path} has {status.st_size} bytes, more than {limit_bytes}; split it"
        raise MissionError(msg)
    with os.fdopen(handle, "rb", closefd=False) as file:
        raw = file.read(status.st_size + 1)
    if len(raw) > status.st_size:
        msg = f"{path} grew while it was read; deliver it when it is complete"
        raise MissionError(msg)
    return raw


def _kind(mode: int) -> str:
    return next((name for fits, name in _KINDS if fits(mode)), "a special file")
