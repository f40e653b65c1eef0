"""Messages of nodes: tables, JSON, or what a broker passed on, sorted by kind.

Every message says of which kind it is, by a field ``kind``, by the last word of its
topic, or by its fields; and of which node, by ``sensor_id`` or the word before.
"""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pyarrow as pa
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from trucewatch.collect.cells import shown
from trucewatch.collect.features import Json, cell, parsed
from trucewatch.collect.nodes import Seal
from trucewatch.collect.settings import Options
from trucewatch.collect.sheet import Reject, Sheet, sheet_of
from trucewatch.collect.unpack import check_lines, plain
from trucewatch.errors import SourceError

# By kind: first the fields that tell it where nothing else does, as many as in
# _TELLING, then its other columns.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "pick": (
        *("pick_id", "sensor_id", "time", "time_s", "onset_sd_s"),
        *("clock_sigma_s", "level_db", "snr_db", "clock"),
    ),
    "outage": ("down", "down_s", "sensor_id", "up", "up_s", "why"),
    "heartbeat": (
        *("listening_ratio", "interval_s", "begin", "begin_s", "end", "end_s"),
        *("sensor_id", "time", "time_s", "clock", "clock_sigma_s"),
        *("noise_db", "battery_v", "lat", "lon"),
    ),
    "node": (
        *("lat", "lon", "x_m", "y_m", "sensor_id"),
        *("elevation_m", "clock_sigma_s", "noise_db"),
    ),
}
_TELLING = {"pick": 1, "outage": 2, "heartbeat": 6, "node": 4}
_SIGNATURE = "signature"


@dataclass(slots=True)
class Told:
    """Messages of one kind."""

    lines: list[int] = field(default_factory=list)
    cells: list[Mapping[str, str]] = field(default_factory=list)
    seals: list[str] = field(default_factory=list)

    def sheet(self, kind: str, file: str) -> Sheet:
        """The messages as a table with every column of their kind."""
        columns = {
            name: pa.array([one.get(name, "").strip() for one in self.cells], _TEXT)
            for name in COLUMNS[kind]
        }
        return Sheet(file, columns, np.array(self.lines, np.int64))


_TEXT = pa.string()


@dataclass(frozen=True, slots=True)
class Sorted:
    """A delivery as one table per kind.

    Attributes:
        unit: what a number counts, ``line`` or ``item``.
        sheets: by kind.
        seals: by kind, one per row of its table.
        rejects: messages of no kind, or with a false signature.
    """

    unit: str
    sheets: Mapping[str, Sheet]
    seals: Mapping[str, tuple[str, ...]]
    rejects: tuple[Reject, ...] = ()


def messages(raw: bytes, chosen: Options) -> Sorted:
    """Every row of a delivery under its kind; signatures are checked.

    Args:
        raw: CSV with a header, a JSON list, or JSON objects one per line.
        chosen: ``key.<sensor_id>`` names public keys, ``signed`` asks for them.

    Raises:
        SourceError: if it is none of these, or an option is wrong.
    """
    data = plain(raw)
    keys = {name: _key(word, chosen) for name, word in _keys(chosen).items()}
    must = chosen.flag("signed")
    opening = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if opening not in (b"{", b"["):
        return _table(data, chosen, must=must)
    unit, items = (
        ("item", _items(data, chosen)) if opening == b"[" else ("line", _lines(data))
    )
    told = {kind: Told() for kind in COLUMNS}
    rejects = []
    for number, item in items:
        try:
            kind, cells, seal = _message(item, keys, must=must)
        except ValueError as error:
            rejects.append(Reject(chosen.source, number, str(error)))
            continue
        one = told[kind]
        one.lines.append(number)
        one.cells.append(cells)
        one.seals.append(seal)
    filled = {kind: one for kind, one in told.items() if one.lines}
    if not filled and not rejects:
        msg = f"delivery of {chosen.source} holds no message"
        raise SourceError(msg)
    return Sorted(
        unit=unit,
        sheets={kind: one.sheet(kind, chosen.source) for kind, one in filled.items()},
        seals={kind: tuple(one.seals) for kind, one in filled.items()},
        rejects=tuple(rejects),
    )


def signed_bytes(message: Mapping[str, object]) -> bytes:
    """What a node signs: its message without ``signature``, as RFC 8785 writes it.

    Raises:
        ValueError: if the message has no such form.
    """
    body = {k: v for k, v in message.items() if k != _SIGNATURE}
    return rfc8785.dumps(cast("dict[str, str]", body))  # refuses what is no JSON


def _table(data: bytes, chosen: Options, *, must: bool) -> Sorted:
    """A CSV table; all its rows are of the kind its header tells.

    Raises:
        SourceError: if its header tells none, or signatures are asked for.
    """
    encoding = chosen.encoding()
    if encoding != "utf-8":
        try:
            data = data.decode(encoding).encode()
        except UnicodeError as error:
            msg = f"delivery of {chosen.source} is not {encoding}: {error}"
            raise SourceError(msg) from error
    if must:
        msg = "a table cannot be signed row by row; deliver JSON or set signed to no"
        raise SourceError(msg)
    sheet = sheet_of(data, f"delivery of {chosen.source}", ["sensor_id"])
    kind = _kind(frozenset(sheet.columns))
    if not kind:
        found = ", ".join(sheet.columns)[:200]
        msg = (
            f"delivery of {chosen.source} lacks columns that tell picks (pick_id), "
            f"nodes (lat, lon), outages (down) or heartbeats (begin); found: {found}"
        )
        raise SourceError(msg)
    empty = pa.array([""] * len(sheet.line), _TEXT)
    columns = {name: sheet.columns.get(name, empty) for name in COLUMNS[kind]}
    whole = Sheet(sheet.file, columns, sheet.line, torn=sheet.torn)
    seals = (Seal.UNSIGNED.value,) * len(sheet.line)
    return Sorted("line", {kind: whole}, {kind: seals})


def _kind(names: frozenset[str]) -> str:
    """The first kind one of whose telling fields is there; empty for none."""
    for kind, columns in COLUMNS.items():
        if names & set(columns[: _TELLING[kind]]):
            return kind
    return ""


def _items(data: bytes, chosen: Options) -> Iterator[tuple[int, object]]:
    """The items of a JSON list, from 1.

    Raises:
        SourceError: if it is none.
    """
    body = parsed(data, chosen)
    return enumerate(body if isinstance(body, list) else [body], start=1)


def _lines(data: bytes) -> Iterator[tuple[int, object]]:
    """Every line that is not blank, with its number from 1, not yet parsed."""
    check_lines(data)
    for number, line in enumerate(
        data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1
    ):
        if line.strip():
            yield number, line


def _message(
    item: object, keys: Mapping[str, Ed25519PublicKey], *, must: bool
) -> tuple[str, Mapping[str, str], str]:
    """Kind, cells and seal of one message.

    Raises:
        ValueError: if it cannot be read, tells no kind, or its signature is false.
    """
    topic, body = _unwrapped(_object(item))
    words = topic.split("/")
    cells = {str(k).strip().lower(): cell(v) for k, v in body.items()}
    named = words[-2] if len(words) > 1 else ""
    if cells.get("sensor_id", named) != named and named:
        who = cells.get("sensor_id", "")
        msg = f"its topic is of node {shown(named)}, the message of {shown(who)}"
        raise ValueError(msg)
    cells = {"sensor_id": named, **cells}
    told = cells.get("kind", "") or words[-1].lower()
    kind = told if told in COLUMNS else _kind(frozenset(cells))
    if not kind or (cells.get("kind") and kind != cells["kind"]):
        known = ", ".join(COLUMNS)
        msg = f"it is of no known kind {shown(told)}; known: {known}"
        raise ValueError(msg)
    for text in cells.values():
        text.encode()  # half a character pair is none
    return kind, cells, _seal(body, cells["sensor_id"], keys, must=must).value


def _object(item: object) -> Json:
    """A JSON object.

    Raises:
        ValueError: if it is none.
    """
    if isinstance(item, bytes | str):
        try:
            item = json.loads(item, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            msg = f"it is not JSON: {str(error)[:120]}"
            raise ValueError(msg) from error
    if not isinstance(item, dict):
        msg = "it is not a JSON object"
        raise ValueError(msg)
    return item


def _unwrapped(body: Json) -> tuple[str, Json]:
    """Topic and message of what a broker passed on; a bare message has no topic.

    Raises:
        ValueError: if the payload is no message.
    """
    if not ("topic" in body and "payload" in body):
        return "", body
    payload = body["payload"]
    return str(body["topic"]), _object(payload)


def _seal(
    body: Json, sensor_id: str, keys: Mapping[str, Ed25519PublicKey], *, must: bool
) -> Seal:
    """Who vouches for a message.

    Raises:
        ValueError: if its signature is false, or there is none and there must be.
    """
    word, key = body.get(_SIGNATURE), keys.get(sensor_id)
    if word is None or key is None:
        if must:
            lack = (
                "is not signed" if word is None else "is signed by no key we were given"
            )
            msg = f"it {lack}; option signed asks for it"
            raise ValueError(msg)
        return Seal.UNSIGNED if word is None else Seal.UNKNOWN_KEY
    try:
        key.verify(b64decode(str(word), validate=True), signed_bytes(body))
    except (InvalidSignature, NotBase64) as error:
        msg = f"its signature is not of the key given for {shown(sensor_id)}"
        raise ValueError(msg) from error
    return Seal.SIGNED


def _keys(chosen: Options) -> dict[str, str]:
    return chosen.starting("key.")


def _key(word: str, chosen: Options) -> Ed25519PublicKey:
    """A public key.

    Raises:
        SourceError: if the option holds none.
    """
    try:
        return Ed25519PublicKey.from_public_bytes(b64decode(word, validate=True))
    except (ValueError, NotBase64) as error:
        msg = (
            f"an option key.<sensor_id> of source {chosen.source} is {word!r}; "
            "it must be 32 bytes of an Ed25519 key in base64"
        )
        raise SourceError(msg) from error


def _refuse(constant: str) -> None:
    msg = f"{constant} is not a value"
    raise ValueError(msg)
