"""The state of a stream as bytes, so that it goes on after a stop as if there was none.

An archive of arrays and one JSON text; nothing in it is ever executed.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import numpy as np

from trucewatch.fuse.acoustic.buffer import Chunk, joined
from trucewatch.fuse.acoustic.learnt import Learnt
from trucewatch.fuse.acoustic.levels import Levels
from trucewatch.fuse.acoustic.stream import Stream
from trucewatch.fuse.acoustic.told import Told
from trucewatch.fuse.acoustic.version import Status, Version

FORMAT = 3
NUMBERS = ("until_s", "air_s", "watched_s")
ARRAYS = ("air", "air_cov", "clock", "way", "odds", "clutter", "incidents")


def saved(stream: Stream) -> bytes:
    """All that the stream needs to go on.

    An epoch that is being closed is closed first; what it says comes with the next
    `advance`. Weather and outages are not part of it, nor are refused picks.
    """
    stream.ready += stream.complete()
    course, book = stream.course, stream.book
    body = {
        "format": FORMAT,
        "of": _digest(stream),
        "now_s": stream.now_s if math.isfinite(stream.now_s) else None,
        "count": stream.count,
        "epoch": course.epoch,
        "next": book.next,
        "claim": book.claim,
        "ready": [_written(one) for one in stream.ready],
        "told": [
            [n, one.tile, one.event.tolist(), _written(one.version)]
            for n, one in book.told.items()
        ],
        "learnt": [
            {name: getattr(one, name) for name in NUMBERS} for one in course.learnt
        ],
    }
    text = json.dumps(body, ensure_ascii=False).encode()
    arrays: dict[str, Any] = {"body": np.frombuffer(text, np.uint8)}
    arrays["used_key"], arrays["used_us"] = course.used
    chunks = {
        "waiting": joined(stream.waiting),
        "fresh": joined(stream.fresh),
        "recent": stream.recent,
    }
    for name, chunk in chunks.items():
        arrays |= {f"{name}_{key}": value for key, value in chunk._asdict().items()}
    for k, one in enumerate(course.learnt):
        arrays |= {f"learnt_{k}_{name}": getattr(one, name) for name in ARRAYS}
        levels = one.levels._asdict()
        arrays |= {f"levels_{k}_{name}": value for name, value in levels.items()}
    out = BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def restore(stream: Stream, data: bytes) -> None:
    """A new stream is where the saved one was.

    Raises:
        ValueError: if the bytes are no checkpoint, or one of another network, other
            settings or another lateness.
    """
    try:
        with np.load(BytesIO(data), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        body = json.loads(arrays["body"].tobytes())
    except (BadZipFile, EOFError, KeyError, OSError, ValueError) as error:
        msg = f"this is no checkpoint of a stream: {error}"
        raise ValueError(msg) from error
    if body.get("format") != FORMAT or body.get("of") != _digest(stream):
        msg = (
            "this checkpoint is of another network, other settings, another lateness "
            "or another release; start without it"
        )
        raise ValueError(msg)
    stream.now_s = -math.inf if body["now_s"] is None else body["now_s"]
    stream.count = body["count"]
    stream.ready = [_read(one) for one in body["ready"]]
    stream.waiting = []
    stream.hold(_chunk(arrays, "waiting"))
    stream.fresh = [_chunk(arrays, "fresh")]
    stream.recent = _chunk(arrays, "recent")
    _restore_course(stream, body, arrays)
    stream.book.next = body["next"]
    stream.book.claim = body["claim"]
    stream.book.told = {
        number: Told(version=_read(version), tile=tile, event=np.array(event))
        for number, tile, event, version in body["told"]
    }


def _restore_course(
    stream: Stream, body: dict[str, Any], arrays: dict[str, Any]
) -> None:
    course = stream.course
    course.epoch = body["epoch"]
    course.used = (arrays["used_key"], arrays["used_us"])
    course.learnt = [
        Learnt(
            **numbers,
            **{name: arrays[f"learnt_{k}_{name}"] for name in ARRAYS},
            levels=Levels(*(arrays[f"levels_{k}_{name}"] for name in Levels._fields)),
        )
        for k, numbers in enumerate(body["learnt"])
    ]


def _chunk(arrays: dict[str, Any], name: str) -> Chunk:
    return Chunk(*(arrays[f"{name}_{key}"] for key in Chunk._fields))


def _digest(stream: Stream) -> str:
    """What a checkpoint belongs to."""
    network, total = stream.course.network, sha256()
    for name in ("x_m", "y_m", "clock_sigma_s", "noise_db"):
        total.update(getattr(network, name).tobytes())
    total.update("\n".join(network.sensor_id).encode())
    settings = asdict(stream.course.settings) | {"lateness_s": stream.lateness_s}
    total.update(json.dumps(settings, sort_keys=True).encode())
    return total.hexdigest()


def _written(version: Version) -> dict[str, Any]:
    row = {one.name: getattr(version, one.name) for one in fields(version)}
    return row | {"cov": version.cov.tolist(), "status": version.status.value}


def _read(row: dict[str, Any]) -> Version:
    ready = {
        "cov": np.array(row["cov"]),
        "status": Status(row["status"]),
        "pick_id": tuple(row["pick_id"]),
    }
    return Version(**(row | ready))
