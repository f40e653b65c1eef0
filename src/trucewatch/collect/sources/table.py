"""Any table or GeoJSON, its columns named by the options ``column.…``.

Option ``as`` says what a row is: ``sighting``, ``media_report`` or ``allegation``.
``column.<ours>`` names the column that holds what the form of that kind calls
``<ours>``; ``constant.<ours>`` gives one value to all rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.features import rows
from trucewatch.collect.observation import Observation
from trucewatch.collect.reports import report
from trucewatch.collect.rows import Row, account
from trucewatch.collect.settings import REQUIRED, Options, known, options
from trucewatch.collect.sightings import sighting
from trucewatch.collect.source import Batch
from trucewatch.collect.statements import allegation

OPTIONS = known(
    "F",
    "6",
    zone="",
    procedure="table",
    feed="table",
    radius_m="3000",
    wide_names="",
    wide_m="12000",
    lag_h="12",
    bounds="",
) | {"as": REQUIRED}
FREE = ("column.", "constant.")

Maker = Callable[[Row, Delivery, Options], Observation]
MAKERS: Mapping[str, Maker] = {
    "sighting": sighting,
    "media_report": report,
    "allegation": allegation,
}


def read(raw: bytes, delivery: Delivery) -> Batch:
    """One observation per row, made as the named form makes it.

    Raises:
        SourceError: if the delivery is no table, lacks a named column, or an option is
            wrong.
    """
    chosen = options(delivery, OPTIONS, FREE)
    maker = MAKERS.get(chosen.text("as"))
    if maker is None:
        raise chosen.refused(name="as", instead=f"one of {', '.join(MAKERS)}")
    columns = {k: v.lower() for k, v in chosen.starting("column.").items()}
    constants = chosen.starting("constant.")

    def make(row: Row) -> Observation:
        found = {ours: row.cells.get(theirs, "") for ours, theirs in columns.items()}
        renamed = replace(row, cells={**row.cells, **constants, **found})
        return maker(renamed, delivery, chosen)

    return account(delivery, rows(raw, chosen, tuple(columns.values())), make)
