"""Archived web pages: WARC, gzip or not, or WACZ; every HTML response is one document.

Needs ``trucewatch[prose]`` (warcio, trafilatura). Redirects, errors, pictures and all
else are rejected with their type. A page's date is its own, else that of the capture.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Protocol

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.prose.accounting import (
    OPTIONS as SHARED,
)
from trucewatch.collect.prose.accounting import (
    Parts,
    decoded,
    prose_batch,
    published_of,
)
from trucewatch.collect.prose.document import Article, Document, Fault
from trucewatch.collect.prose.page import page
from trucewatch.collect.settings import Options, options
from trucewatch.collect.source import Batch
from trucewatch.collect.unpack import plain
from trucewatch.collect.words import outlet
from trucewatch.errors import SourceError

OPTIONS = dict(SHARED)
MAX_RECORDS = 100_000
MAX_RECORD_BYTES = 20_000_000
MAX_ARCHIVE_BYTES = 512 * 1024 * 1024


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per statement; records and paragraphs without one are rejected.

    Raises:
        SourceError: if the delivery is no such archive or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    return prose_batch(documents(raw, delivery, chosen), delivery, chosen)


def documents(raw: bytes, delivery: Delivery, chosen: Options) -> Parts:
    """The pages of an archive.

    Raises:
        SourceError: if the delivery is no such archive.
    """
    found: list[Article | Fault] = []
    for name, data in _archives(raw, delivery):
        found.extend(_records(name, data, delivery, chosen))
    if not found:
        msg = f"delivery of {delivery.source} is no WARC or WACZ archive"
        raise SourceError(msg)
    return tuple(found)


def _archives(raw: bytes, delivery: Delivery) -> Iterator[tuple[str, bytes]]:
    """The WARC files of a delivery.

    Raises:
        SourceError: if a WACZ is damaged or unpacks to too much.
    """
    if not raw.startswith(b"PK\x03\x04"):
        yield "", raw
        return
    left = MAX_ARCHIVE_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            kinds = (".warc", ".warc.gz")
            for info in (i for i in packed.infolist() if i.filename.endswith(kinds)):
                data = _unpacked(packed, info, left)
                left -= len(data)
                yield info.filename.rsplit("/", 1)[-1], data
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        msg = f"the archive {delivery.name!r} is damaged: {error}"
        raise SourceError(msg) from error


def _unpacked(packed: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> bytes:
    """One file of an archive.

    Raises:
        SourceError: if it is larger than what is ``left`` in bytes.
    """
    with packed.open(info) as file:
        data = file.read(left + 1)
    if len(data) > left:
        msg = f"the archive unpacks to more than {MAX_ARCHIVE_BYTES} bytes"
        raise SourceError(msg)
    return data


def _records(
    name: str, data: bytes, delivery: Delivery, chosen: Options
) -> Iterator[Article | Fault]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    lead = f"{name}, " if name else ""
    number = 0
    try:
        for record in ArchiveIterator(io.BytesIO(plain(data))):
            number += 1
            where = f"{lead}record {number}"
            if number > MAX_RECORDS:
                yield Fault(where, f"only the first {MAX_RECORDS} records are read")
                return
            if record.rec_type != "response":
                continue  # what was asked and how it was stored says nothing
            kind = _type_of(record)
            if "html" not in kind:
                yield Fault(where, f"it is {kind or 'of no stated type'}, not a page")
                continue
            body = record.content_stream().read(MAX_RECORD_BYTES)
            told = [_header(record, n) for n in ("WARC-Target-URI", "WARC-Date")]
            yield _article(where, body, (told[0], told[1]), delivery, chosen)
    except (
        ArchiveLoadFailed,
        zlib.error,
        EOFError,
        ValueError,
        AttributeError,
        TypeError,
        IndexError,
        OSError,
    ) as error:
        if number:
            yield Fault(
                f"{lead}record {number + 1}", f"the archive is damaged: {error}"
            )


class _Headers(Protocol):
    def get_header(self, name: str) -> str | None: ...


class _Record(Protocol):
    """What warcio gives for one record."""

    rec_headers: _Headers
    http_headers: _Headers | None


def _type_of(record: _Record) -> str:
    heads = record.http_headers
    return (heads.get_header("Content-Type") or "") if heads else ""


def _header(record: _Record, name: str) -> str:
    return record.rec_headers.get_header(name) or ""


def _article(
    where: str,
    body: bytes,
    told: tuple[str, str],
    delivery: Delivery,
    chosen: Options,
) -> Article | Fault:
    text = decoded(body, chosen)
    found = page(text)
    if found is None:
        return Fault(where, "no article was found on the page")
    address, captured = told
    when, rounding = published_of(delivery, chosen, found.date or captured)
    try:
        site = outlet(address)
    except ValueError:
        site = ""
    document = Document(
        text=text,
        where=where,
        published=when,
        rounding=rounding,
        outlet=chosen.text("outlet") or site or found.site,
        address=address,
        voice=chosen.text("voice"),
        title=found.title,
    )
    return Article(document, found.paragraphs)
