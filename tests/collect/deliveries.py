"""Deliveries made in memory, as the mission would hand them to a source."""

import hashlib
import json
import pathlib

from trucewatch.collect.delivery import Delivery, Option
from trucewatch.plugin import load

PACKAGE = "trucewatch.collect.sources"
DATA = pathlib.Path(__file__).parents[1] / "data/collect"


def delivered(source, raw, options=None, name="delivery"):
    """The record of some bytes that arrived for a source."""
    return Delivery(
        source=source,
        name=name,
        sha256=hashlib.sha256(raw).hexdigest(),
        size_bytes=len(raw),
        options=tuple(Option(k, v) for k, v in (options or {}).items()),
    )


def read(source, raw, options=None, name="delivery"):
    """What a source makes of bytes; text is taken as UTF-8."""
    raw = raw.encode() if isinstance(raw, str) else raw
    return load(PACKAGE, source).read(raw, delivered(source, raw, options, name))


def sample(source):
    """The sample of a source and what a person counted in it by hand."""
    (path,) = (DATA / source).glob("sample.*")
    expected = json.loads((DATA / source / "expected.json").read_text())
    return path.read_bytes(), expected


def counts(batch):
    """How many rows became what; looks drawn from rows of tables are no rows."""
    return {
        "rows_read": batch.rows_read,
        "observations": len(batch.observations),
        "table_rows": sum(one.table.rows for one in batch.tables),
        "acquisitions": len(batch.acquisitions) - batch.drawn,
        "rejections": len(batch.rejections),
    }
