"""What a ledger holds of rows and deliveries nobody could use, and why."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.source import Rejection
from trucewatch.store.reader import Reader, view
from trucewatch.watch.again import ledger_folder
from trucewatch.watch.run import KINDS
from trucewatch.watch.terminal import on_one_line, write


@dataclass(frozen=True, slots=True)
class Reject:
    """One rejection and the delivery it stood in.

    Attributes:
        where: ``line 17``, or ``delivery`` where nothing of it could be read.
        sha256: of the delivery's bytes, which the ledger holds as they came.
    """

    delivery: str
    source: str
    where: str
    why: str
    sha256: str


def rejects(ledger: Reader, delivery: str = "") -> tuple[Reject, ...]:
    """Every rejection in ledger order, or those of deliveries of one name."""
    sources = {one.id: one for one in ledger.records(Delivery)}
    found = (
        (sources[source], one)
        for one in ledger.records(Rejection)
        for source in one.derived_from
        if source in sources
    )
    return tuple(
        Reject(came.name, came.source, one.where, one.why, came.sha256)
        for came, one in found
        if delivery in ("", came.name)
    )


def show_rejects(what: Path, delivery: str, *, as_json: bool) -> None:
    """Print every rejection with where it stood and why.

    Raises:
        MissionError: if there is no ledger.
    """
    folder = ledger_folder(what)
    with view(folder, KINDS) as ledger:
        found = rejects(ledger, delivery)
    if as_json:
        body = [
            {
                "delivery": one.delivery,
                "source": one.source,
                "where": one.where,
                "why": one.why,
                "blob": str(folder / "blobs" / one.sha256[:2] / one.sha256),
            }
            for one in found
        ]
        sys.stdout.write(json.dumps(body, indent=2) + "\n")
        return
    for one in found:
        write(sys.stdout, on_one_line(f"{one.delivery}: {one.where}: {one.why}"))
    many = (
        "1 row or delivery" if len(found) == 1 else f"{len(found)} rows or deliveries"
    )
    write(sys.stdout, f"{many} rejected")
