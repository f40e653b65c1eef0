"""Take deliveries in: keep the bytes as they came, then read them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.prose.accounting import ProseSource, prose_batch
from trucewatch.collect.prose.atlas import SOURCE as GAZETTEERS
from trucewatch.collect.prose.atlas import gazetteer_of
from trucewatch.collect.settings import options
from trucewatch.collect.source import Batch, Columns, Rejection, Source
from trucewatch.errors import MissionError, SourceError
from trucewatch.plugin import load
from trucewatch.record import RecordId
from trucewatch.watch.mission import SOURCES, Intake, Mission, expanded, files_of
from trucewatch.watch.regular import whole
from trucewatch.watch.signals import uninterrupted

DELIVERY_LIMIT = 4_000_000_000  # bytes that are read at once


@dataclass(frozen=True, slots=True)
class Arrived:
    """A delivery and its bytes.

    Attributes:
        beside: tables of the deliveries it cites, such as a gazetteer.
    """

    delivery: Delivery
    raw: bytes
    beside: tuple[Columns, ...] = ()


def arrivals(mission: Mission) -> Iterator[Arrived]:
    """Every delivery the mission names: gazetteers, then the others as it names them.

    Prose cites the gazetteers it is to be read with: with another one it is another
    delivery.

    Raises:
        MissionError: if a file is missing, unreadable or not what was promised.
    """
    named = [one for one in mission.deliveries if one.source == GAZETTEERS]
    rest = [one for one in mission.deliveries if one.source != GAZETTEERS]
    beside: list[RecordId] = []
    for intake in named:
        for arrived in _arrived(mission, intake, ()):
            beside.append(arrived.delivery.id)
            yield arrived
    cited = tuple(sorted(set(beside)))
    for intake in rest:
        yield from _arrived(mission, intake, cited if _is_prose(intake.source) else ())


def _is_prose(source: str) -> bool:
    return isinstance(load(SOURCES, source), ProseSource)


def _arrived(
    mission: Mission, intake: Intake, cited: tuple[RecordId, ...]
) -> Iterator[Arrived]:
    for path in _paths(mission, intake):
        raw = whole(path, DELIVERY_LIMIT)
        digest = sha256(raw).hexdigest()
        if intake.sha256 and digest != intake.sha256:
            msg = f"{path} has sha256 {digest}, not {intake.sha256} as promised"
            raise MissionError(msg)
        delivery = Delivery(
            source=intake.source,
            name=_name(path),
            sha256=digest,
            size_bytes=len(raw),
            options=intake.as_options(),
            licence=intake.licence,
            derived_from=cited,
        )
        yield Arrived(delivery, raw)


def read(arrived: Arrived) -> Batch:
    """What one delivery contained; one that cannot be read is one rejection."""
    delivery = arrived.delivery
    source: Source = load(SOURCES, delivery.source)
    try:
        if arrived.beside and isinstance(source, ProseSource):
            chosen = options(delivery, source.OPTIONS)
            parts = source.documents(arrived.raw, delivery, chosen)
            return prose_batch(parts, delivery, chosen, gazetteer_of(arrived.beside))
        return source.read(arrived.raw, delivery)
    except SourceError as error:
        whole = Rejection(where="delivery", why=str(error), derived_from=(delivery.id,))
        return Batch(rows_read=1, rejections=(whole,))


def read_each(
    arrived: Sequence[Arrived], executor: Executor | None
) -> Iterator[tuple[Arrived, Batch]]:
    """Every delivery with what it contained, in order, on any executor."""
    made: Iterator[Batch] = map(read, arrived)
    if executor is not None:
        with uninterrupted():  # new processes leave Ctrl-C to this one
            made = executor.map(read, arrived)
    return zip(arrived, made, strict=True)


def unreadable(batch: Batch) -> bool:
    """Whether the delivery as a whole could not be read."""
    return any(one.where == "delivery" for one in batch.rejections)


def _paths(mission: Mission, intake: Intake) -> tuple[Path, ...]:
    return files_of(mission, intake) if intake.files else (_fetched(intake),)


def _fetched(intake: Intake) -> Path:
    """The file at a public address, from the cache if it was fetched before.

    Raises:
        MissionError: if it cannot be fetched, or is not what was promised.
    """
    import pooch

    address = expanded(intake.fetch)
    pooch.get_logger().setLevel("WARNING")  # the run itself says what it does
    folder = pooch.os_cache("trucewatch") / intake.sha256
    promised = f"sha256:{intake.sha256}"
    try:
        name = _name_at(address)
        return Path(pooch.retrieve(address, promised, fname=name, path=folder))
    except (OSError, ValueError) as error:
        msg = f"{address} could not be fetched: {error}"
        raise MissionError(msg) from error


def _name_at(address: str) -> str:
    """The name of the file at an address.

    Raises:
        ValueError: if it is no address of the web.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.netloc:
        msg = "it must begin with https:// or http:// and a host"
        raise ValueError(msg)
    return Path(unquote(parts.path)).name.strip(".") or "fetched"


def _name(path: Path) -> str:
    """What the deliverer called a file; bytes that are no characters are written out.

    Such bytes come from folders whose names are in another encoding.
    """
    return os.fsencode(path.name).decode("utf-8", "backslashreplace")
