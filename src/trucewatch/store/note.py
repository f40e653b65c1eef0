"""Signed notes: text, a blank line, and signature lines anybody can check.

Source: C2SP signed-note (Ed25519, type 0x01) and C2SP tlog-cosignature (type 0x04).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

ED25519 = 0x01
COSIGNATURE = 0x04
_KEY_ID_BYTES = 4
_TIME_BYTES = 8
_MAX_SIGNATURES = 100
_DASH = "\N{EM DASH} "


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Whose signature is accepted, under which name and for which kind of statement.

    Attributes:
        name: without spaces or plus signs.
        kind: ``ED25519`` for a log's own word, ``COSIGNATURE`` for a witness's.
        raw: the key's 32 bytes (RFC 8032).
    """

    name: str
    kind: int
    raw: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand for the key in a signature line."""
        body = self.name.encode() + b"\n" + bytes([self.kind]) + self.raw
        return sha256(body).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        """The key as one word: ``name+id+key``."""
        key = b64encode(bytes([self.kind]) + self.raw).decode()
        return f"{self.name}+{self.id.hex()}+{key}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line, not yet checked."""

    name: str
    key_id: bytes
    raw: bytes

    def by(self, key: PublicKey) -> bool:
        """Whether the line says that it is of this key."""
        return (self.name, self.key_id) == (key.name, key.id)

    def holds(self, text: str, key: PublicKey) -> bool:
        """Whether ``key`` signed ``text``."""
        message, raw = text.encode(), self.raw
        if key.kind == COSIGNATURE:
            time_s = int.from_bytes(raw[:_TIME_BYTES])
            message = f"cosignature/v1\ntime {time_s}\n".encode() + message
            raw = raw[_TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(key.raw).verify(raw, message)
        except InvalidSignature:
            return False
        return True

    def __str__(self) -> str:
        """The line, without its end."""
        return f"{_DASH}{self.name} {b64encode(self.key_id + self.raw).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its signature lines.

    Attributes:
        text: ends with a line end.
    """

    text: str
    signatures: tuple[Signature, ...]

    def signed_by(self, key: PublicKey) -> bool:
        """Whether ``key`` signed, and no line of ``key`` is false."""
        lines = [one for one in self.signatures if one.by(key)]
        return bool(lines) and all(one.holds(self.text, key) for one in lines)

    def encoded(self) -> bytes:
        """The note as it is stored and sent."""
        lines = "".join(f"{one}\n" for one in self.signatures)
        return f"{self.text}\n{lines}".encode()


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under the name it signs by."""

    name: str
    private: Ed25519PrivateKey

    @property
    def key(self) -> PublicKey:
        """The public half."""
        return public_key(self.private, self.name, ED25519)

    def sign(self, text: str) -> Note:
        """``text``, which ends with a line end, with this key's signature."""
        raw = self.private.sign(text.encode())
        return Note(text, (Signature(self.name, self.key.id, raw),))


def public_key(private: Ed25519PrivateKey, name: str, kind: int) -> PublicKey:
    """The public half of a key, under a name."""
    return PublicKey(name, kind, private.public_key().public_bytes_raw())


def cosigned(
    text: str, private: Ed25519PrivateKey, name: str, when: datetime
) -> Signature:
    """A witness's word that it saw the checkpoint ``text`` at ``when``."""
    key = public_key(private, name, COSIGNATURE)
    time_s = int(when.timestamp())
    raw = private.sign(f"cosignature/v1\ntime {time_s}\n{text}".encode())
    return Signature(name, key.id, time_s.to_bytes(_TIME_BYTES) + raw)


def parsed_key(word: str) -> PublicKey:
    """The key that ``str(key)`` wrote.

    Raises:
        ValueError: if it is not such a word, or its id is not that of the key.
    """
    name, _, rest = word.strip().partition("+")
    key_id, _, body = rest.partition("+")
    raw = _from_base64(body)
    if not name or len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
        msg = f"not a public key of the form name+id+key: {word.strip()!r}"
        raise ValueError(msg)
    key = PublicKey(name, raw[0], raw[1:])
    if key.id.hex() != key_id:
        msg = f"the id of key {name!r} is {key.id.hex()}, not {key_id!r}"
        raise ValueError(msg)
    return key


def parsed(data: bytes) -> Note:
    """The note that ``encoded`` wrote; nothing is said yet of who signed.

    Raises:
        ValueError: if the bytes are not exactly one note.
    """
    text, gap, tail = data.decode().rpartition("\n\n")
    lines = tail.split("\n")
    if not gap or lines.pop() or not 0 < len(lines) <= _MAX_SIGNATURES:
        msg = "a signed note is text, a blank line and signature lines"
        raise ValueError(msg)
    note = Note(f"{text}\n", tuple(parsed_signature(line) for line in lines))
    if note.encoded() != data or any(c < " " and c != "\n" for c in note.text):
        msg = "the signed note is not written as the form demands"
        raise ValueError(msg)
    return note


def parsed_signature(line: str) -> Signature:
    """One signature line.

    Raises:
        ValueError: if it is not one.
    """
    name, _, body = line.removeprefix(_DASH).partition(" ")
    raw = _from_base64(body)
    if not line.startswith(_DASH) or not name or "+" in name or len(raw) < 5:
        msg = f"not a signature line: {line!r}"
        raise ValueError(msg)
    return Signature(name, raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])


def _from_base64(text: str) -> bytes:
    """Decode, refusing every spelling but the one encoding would give.

    Raises:
        ValueError: if it is not base64 so spelt.
    """
    try:
        raw = b64decode(text, validate=True)
    except NotBase64 as error:
        msg = f"not base64: {text!r}"
        raise ValueError(msg) from error
    if b64encode(raw).decode() != text:
        msg = f"not the one base64 spelling of its bytes: {text!r}"
        raise ValueError(msg)
    return raw
