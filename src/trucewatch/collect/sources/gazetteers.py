"""Names of settlements and where they are: prose of the same mission is read with it.

A table in the form of GeoNames with a header:
``geonameid,name,latitude,longitude,population`` and, where known, ``admin1code``,
``alternatenames`` (joined by ``|``) and ``radius_m`` (90 %, of what is said to be
there). Inflected forms come from the rules of the languages, not from the table.
"""

from __future__ import annotations

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.prose.atlas import Entry, table_of
from trucewatch.collect.prose.gazetteer import MAX_ROWS, NEEDED, entry_of
from trucewatch.collect.rows import Account, csv_rows
from trucewatch.collect.settings import known, options
from trucewatch.collect.source import Batch
from trucewatch.errors import SourceError

OPTIONS = known("B", "2")


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One row of a table of places per settlement; what was said of none is in it.

    Raises:
        SourceError: if the delivery is not such a table, has more rows than any
            gazetteer, or an option is wrong.
    """
    chosen = options(delivery, OPTIONS)
    kept = Account(delivery)
    entries: list[Entry] = []
    seen: set[str] = set()
    for number, row in enumerate(csv_rows(raw, chosen, NEEDED)):
        if number >= MAX_ROWS:
            msg = f"the gazetteer has more than {MAX_ROWS} rows"
            raise SourceError(msg)
        if row.fault:
            kept.reject(row.where, row.fault)
            continue
        try:
            one, names = entry_of(row.cells)
        except ValueError as error:
            kept.reject(row.where, str(error))
            continue
        if one.id in seen:
            kept.reject(row.where, f"geonameid {one.id} stands in an earlier row")
            continue
        seen.add(one.id)
        entries.append(Entry(one, names))
    tables = (table_of(entries, delivery),) if entries else ()
    made = kept.batch()
    return Batch(
        rows_read=len(entries) + made.rows_read,
        tables=tables,
        rejections=made.rejections,
    )
