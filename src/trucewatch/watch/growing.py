"""Lines of a file that grows, or of standard input, as they come."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from trucewatch.errors import SourceError

POLL_S = 0.5
MOST_BYTES = 1 << 20
STANDARD_INPUT = Path("-")


class Growing:
    """What was written since one last looked.

    Attributes:
        offset: bytes of whole lines taken so far.
    """

    def __init__(self, path: Path, offset: int, idle_s: float | None) -> None:
        """Reading starts at the offset, and ends when nothing came for `idle_s`."""
        self.path = path
        self.offset = offset
        self._idle_s = idle_s
        self._rest = b""

    def pieces(self) -> Iterator[bytes]:
        """Whole lines, as many as are there; nothing at times; ends with the input.

        Raises:
            SourceError: if the file cannot be read, or was cut short meanwhile.
        """
        last = time.monotonic()
        for data in self._read():
            if data:
                last = time.monotonic()
            whole, line_end, rest = (self._rest + data).rpartition(b"\n")
            self._rest = rest
            self.offset += len(whole) + len(line_end)
            yield whole + line_end
            quiet = time.monotonic() - last
            if self._idle_s is not None and quiet >= self._idle_s:
                break
        if self._rest:
            yield self._rest + b"\n"

    def _read(self) -> Iterator[bytes]:
        if self.path == STANDARD_INPUT:
            yield from self._from_pipe()
            return
        try:
            with self.path.open("rb") as file:
                file.seek(self.offset)
                yield from self._from_file(file)
        except OSError as error:
            msg = f"{self.path} cannot be read: {error.strerror}"
            raise SourceError(msg) from error

    def _from_file(self, file: BinaryIO) -> Iterator[bytes]:
        while True:
            data = file.read(MOST_BYTES)
            if not data:
                time.sleep(POLL_S)
            if self.path.stat().st_size < file.tell():
                msg = f"{self.path.name} was cut short while it was followed"
                raise SourceError(msg)
            yield data

    def _from_pipe(self) -> Iterator[bytes]:
        pipe = sys.stdin.fileno()
        while True:
            if not select.select([pipe], [], [], POLL_S)[0]:
                yield b""
                continue
            data = os.read(pipe, MOST_BYTES)
            if not data:
                return
            yield data
