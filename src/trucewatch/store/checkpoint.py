"""What the ledger's key signs: how many entries, under which root.

Source: C2SP tlog-checkpoint.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass

from trucewatch.store.merkle import HASH_BYTES


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log.

    Attributes:
        origin: which log; the name of its key.
        size: entries in it.
        root: tree hash over them, 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def parsed(text: str) -> Checkpoint:
    """The checkpoint that ``text`` wrote.

    Raises:
        ValueError: if the lines are not exactly such a checkpoint.
    """
    lines = text.split("\n")
    if len(lines) != 4 or not lines[1].isdecimal():
        msg = f"a checkpoint is three lines (origin, size, root), not {text!r}"
        raise ValueError(msg)
    root = b64decode(lines[2], validate=True)
    found = Checkpoint(lines[0], int(lines[1]), root)
    if found.text() != text or len(root) != HASH_BYTES:
        msg = f"the checkpoint is not written as the form demands: {text!r}"
        raise ValueError(msg)
    return found
