"""Issue bulletins: compose, log, render, seal and hand over."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from trucewatch.errors import TrucewatchError
from trucewatch.plugin import load
from trucewatch.record import RecordId
from trucewatch.review.decision import Decision
from trucewatch.share.bulletin import Bulletin, Dossier, File, Format, Order
from trucewatch.share.compose import compose
from trucewatch.share.release import Stage
from trucewatch.store.ledger import Ledger
from trucewatch.store.manifest import seal
from trucewatch.watch.mission import FORMATS
from trucewatch.watch.picture import Drawn, Known, Method, Picture

STAGES = list(Stage)
# The file by which one sees that a folder holds a format, in the order of rendering.
SHOWN_BY = {
    "html": "bulletin.html",
    "pdf": "bulletin.pdf",
    "csv": "incidents.csv",
    "geojson": "incidents.geojson",
    "geoparquet": "incidents.parquet",
    "map": "map.html",
    "json": "bulletin.json",
}


class Press:
    """Issues bulletins into a folder beside the ledger, and knows those issued."""

    def __init__(self, ledger: Ledger, out: Path) -> None:
        """Know every bulletin the ledger already holds."""
        self._ledger = ledger
        self._out = out
        self._issued: list[Bulletin] = list(ledger.records(Bulletin))

    def issue(self, order: Order, picture: Picture, dossier: Dossier) -> Bulletin:
        """The logged bulletin for an order; the one already issued, if nothing changed.

        Raises:
            LedgerError: if the ledger refuses the bulletin.
        """
        grounds = set(sources(picture, dossier, None))
        for one in self._issued:
            if one.order == order and grounds == _without_bulletins(one.derived_from):
                return one
        previous = self._previous(order)
        made = compose(
            dossier, order, previous, self._ledger.size, self._ledger.root.hex()
        )
        bulletin = replace(made, derived_from=sources(picture, dossier, previous))
        self._ledger.append((bulletin,), why=f"bulletin {bulletin.name}")
        self._issued.append(bulletin)
        return bulletin

    def publish(self, bulletin: Bulletin, formats: Sequence[str]) -> Path:
        """The sealed folder of a bulletin, rendered unless it stands there already.

        Raises:
            ReleaseError: if a format would break a rule of publication.
            TrucewatchError: if the folder cannot be written; then none of it is left.
        """
        folder = self._folder(bulletin)
        sealed = (folder / "MANIFEST.sig").is_file()
        there = formats_in(folder) if sealed else ()
        if set(formats) - set(there):
            wanted = [one for one in SHOWN_BY if one in {*formats, *there}]
            part = folder.with_name(folder.name + ".part")
            try:
                self._press(bulletin, wanted, part)
                self._ledger.export(bulletin.id, why=f"published as {folder.name}")
                shutil.rmtree(folder, ignore_errors=True)
                part.rename(folder)
            except OSError as error:
                msg = f"{folder} cannot be written: {error.strerror}"
                raise TrucewatchError(msg) from error
            finally:
                shutil.rmtree(part, ignore_errors=True)
        return folder

    def _press(self, bulletin: Bulletin, formats: Sequence[str], part: Path) -> None:
        """The files of a bulletin lie sealed in a folder nobody looks into yet."""
        shutil.rmtree(part, ignore_errors=True)
        write(part, rendered(bulletin, formats))
        seal(part, bulletin, self._ledger)

    def _previous(self, order: Order) -> Bulletin | None:
        earlier = [
            one
            for one in self._issued
            if one.order.period == order.period
            and one.order.mission == order.mission
            and one.order.release is order.release
            and STAGES.index(one.order.stage) <= STAGES.index(order.stage)
        ]
        return earlier[-1] if earlier else None

    def _folder(self, bulletin: Bulletin) -> Path:
        same = [one.id for one in self._issued if one.order == bulletin.order]
        again = same.index(bulletin.id)
        order = bulletin.order
        name = f"{order.stage}-{order.release}-{order.language}"
        day = bulletin.name.rsplit("/", 1)[-1]
        return (
            self._out / "bulletins" / day / (f"{name}-{again + 1}" if again else name)
        )


def _without_bulletins(names: Sequence[RecordId]) -> set[RecordId]:
    return {one for one in names if not one.startswith("bulletin:")}


def sources(
    picture: Picture, dossier: Dossier, previous: Bulletin | None
) -> tuple[RecordId, ...]:
    """The records a bulletin derives from: a picture, its review, its forerunner."""
    decided = tuple(one.id for one in dossier.decisions)
    return (picture.id, *decided, *((previous.id,) if previous else ()))


def rendered(bulletin: Bulletin, formats: Sequence[str]) -> tuple[File, ...]:
    """Every file of a bulletin in the formats asked for.

    Raises:
        ReleaseError: if a format would break a rule of publication.
    """
    files: list[File] = []
    for name in formats:
        form: Format = load(FORMATS, name)
        files.extend(form.render(bulletin))
    return tuple(files)


def formats_in(folder: Path) -> tuple[str, ...]:
    """The formats of which files stand in a published folder."""
    return tuple(one for one, file in SHOWN_BY.items() if (folder / file).is_file())


def write(folder: Path, files: Sequence[File]) -> None:
    """The files stand in a new folder.

    Raises:
        TrucewatchError: if the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True)
        for one in files:
            (folder / one.name).write_bytes(one.data)
    except OSError as error:
        msg = f"{folder} cannot be written: {error.strerror}"
        raise TrucewatchError(msg) from error


def dossier_of(
    method: Method, drawn: Drawn, known: Known, decisions: Sequence[Decision]
) -> Dossier:
    """All a bulletin may be composed from, for one picture."""
    return Dossier(
        versions=method.versions,
        sectors=method.sectors,
        deliveries=known.deliveries,
        rejections=known.rejections,
        observations=known.observations,
        acquisitions=known.acquisitions,
        incidents=drawn.incidents,
        findings=drawn.findings,
        contradictions=drawn.contradictions,
        decisions=tuple(decisions),
        coverage=drawn.coverage,
        sectors_of={one.incident: one.sector for one in drawn.picture.sectors},
        thresholds=method.thresholds,
        compliance=drawn.compliance,
        lineages=drawn.lineages,
        differences=drawn.spoken.differences,
        renderings=drawn.spoken.renderings,
        register=drawn.spoken.register,
    )
