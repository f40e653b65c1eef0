"""Who did what with the ledger, when and why: a chain of signed events.

It stands beside the Merkle log, not in it, so that the log's root depends on content
only and a replay on another day reaches the same root.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from trucewatch.errors import LedgerError
from trucewatch.record import Value, canonical, decoded
from trucewatch.store import durable, note
from trucewatch.store.checkpoint import Checkpoint
from trucewatch.store.note import Note, Signer

FILE = "custody.jsonl"
HEAD = "custody.head"
_LOG, _BLOB = "log:", "blob:"
START = sha256(b"").hexdigest()  # what the first event follows


class Deed(StrEnum):
    """What can be done with a ledger."""

    CREATE = "create"
    APPEND = "append"
    RECOVER = "recover"  # an interrupted write was completed on opening
    EXPORT = "export"
    COSIGN = "cosign"


@dataclass(frozen=True, slots=True)
class Event(Value):
    """One link of the chain.

    Attributes:
        seq: from 0.
        who: role or pseudonym, never a personal name.
        when: by the clock of the session that opened the ledger.
        subject: ``log:<size>:<root>`` after it, ``blob:<sha256>`` of each blob that
            came, the name of what left.
        previous: SHA-256 of the line before.
    """

    seq: int
    who: str
    what: Deed
    when: datetime
    why: str
    subject: tuple[str, ...]
    previous: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The chain so far.

    Attributes:
        count: events in it.
        last: SHA-256 of the last line.
    """

    count: int = 0
    last: str = START


def head_text(origin: str, chain: Chain) -> str:
    """What is signed after every event, apart from checkpoints by its first line."""
    last = b64encode(bytes.fromhex(chain.last)).decode()
    return f"{origin}/custody\n{chain.count}\n{last}\n"


class Custodian:
    """Writes the chain of one ledger, in the name of one person or service."""

    def __init__(self, folder: Path, signer: Signer, who: str, now: datetime) -> None:
        """Nothing is read or written before ``take_up``."""
        self.folder = folder
        self.signer = signer
        self._who = who
        self._now = now
        self._chain = Chain()

    def take_up(self) -> list[Event]:
        """The chain so far; lines that were never signed for are removed.

        Raises:
            LedgerError: if the head is not signed by the key or the chain is broken.
        """
        path = self.folder / FILE
        events, length = list[Event](), 0
        try:
            if (self.folder / HEAD).exists():
                head = note.parsed((self.folder / HEAD).read_bytes())
                events, length = self._followed(head, path.read_bytes())
            if path.exists() and path.stat().st_size != length:
                durable.truncate(path, length)
        except (OSError, RecursionError, ValueError) as error:
            msg = f"the custody file is unusable ({error}); run `trucewatch verify`"
            raise LedgerError(msg) from error
        return events

    def note(self, what: Deed, why: str, subject: tuple[str, ...]) -> Event:
        """The event is the durable end of the chain, and its head is signed."""
        chain, who, now = self._chain, self._who, self._now
        event = Event(chain.count, who, what, now, why, subject, chain.last)
        line = canonical(event)
        durable.append_line(self.folder / FILE, line)
        self._chain = _after(chain, line)
        head = self.signer.sign(head_text(self.signer.name, self._chain))
        durable.write(self.folder / HEAD, head.encoded())
        return event

    def _followed(self, head: Note, data: bytes) -> tuple[list[Event], int]:
        """The events up to the signed head, and how many bytes they take.

        Raises:
            ValueError: if the head is not signed or nothing leads to it.
        """
        if not head.signed_by(self.signer.key):
            msg = f"its head is not signed by {self.signer.name}"
            raise ValueError(msg)
        events, length, self._chain = list[Event](), 0, Chain()
        for line in data.split(b"\n"):
            if head_text(self.signer.name, self._chain) == head.text:
                return events, length
            event = decoded(Event, json.loads(line))
            if (event.seq, event.previous) != (self._chain.count, self._chain.last):
                msg = f"event {self._chain.count} does not follow the one before"
                raise ValueError(msg)
            events.append(event)
            self._chain = _after(self._chain, line)
            length += len(line) + 1
        msg = "its events do not lead to the signed head"
        raise ValueError(msg)


def log_subject(head: Checkpoint) -> str:
    """How an event names the log it leaves behind."""
    return f"{_LOG}{head.size}:{head.root.hex()}"


def blob_subjects(hashes: Iterable[str]) -> tuple[str, ...]:
    """How an event names the blobs that came."""
    return tuple(f"{_BLOB}{one}" for one in hashes)


def blobs_in(events: Iterable[Event]) -> set[str]:
    """Hashes of all blobs that the events say came."""
    subjects = (one for event in events for one in event.subject)
    return {one.removeprefix(_BLOB) for one in subjects if one.startswith(_BLOB)}


def logged_size(events: Iterable[Event]) -> int:
    """Size of the log that the events account for."""
    subjects = (one for event in events for one in event.subject)
    sizes = [int(one.split(":")[1]) for one in subjects if one.startswith(_LOG)]
    return max(sizes, default=0)


def _after(chain: Chain, line: bytes) -> Chain:
    return Chain(chain.count + 1, sha256(line).hexdigest())
