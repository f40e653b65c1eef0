"""The thermal command: fire lists to a probability per pixel."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from trucewatch.collect.delivery import Delivery
from trucewatch.collect.pixels import FirePixels
from trucewatch.collect.source import Batch, Source
from trucewatch.detect.thermal.fires import DAY_NS, daily_fires
from trucewatch.detect.thermal.model import FireModel, learn
from trucewatch.detect.thermal.settings import DEFAULT
from trucewatch.detect.thermal.stored import from_bytes, provenance, to_bytes
from trucewatch.errors import MissionError, SourceError
from trucewatch.plugin import load
from trucewatch.watch.mission import SOURCES
from trucewatch.watch.regular import whole

LIMIT_BYTES = 500_000_000
COLUMNS = (
    *("file", "line", "lat", "lon", "date", "fire"),
    *("p_war", "log10_likelihood_ratio"),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """Every pixel with its probability.

    Attributes:
        rows: one per pixel, as ``COLUMNS``.
        problems: rows that could not be used, with file, line and reason.
        years: that taught.
        provenance: hash of the histories, the settings and the form of the model.
        calibrated: whether the history was long enough for it.
    """

    rows: list[tuple[str | int | float, ...]]
    problems: list[str]
    years: tuple[int, ...]
    provenance: str
    calibrated: bool


def judge_fires(
    fires: Sequence[Path], history: Sequence[Path], p_war: float, cache: Path | None
) -> Judged:
    """What share of likeness to war each pixel has, given years without.

    Raises:
        SourceError: if a file is no list of fires, or no history has a fire.
        MissionError: if a file cannot be read or ``p_war`` is no share.
    """
    if not 0 < p_war < 1:
        msg = f"--p-war is {p_war}; it must lie between 0 and 1"
        raise MissionError(msg)
    problems: list[str] = []
    raws = [whole(path, LIMIT_BYTES) for path in history]
    hashed = provenance([sha256(raw).hexdigest() for raw in raws], DEFAULT)
    model = _kept(cache, hashed)
    if model is None:
        taught = [
            _pixels(path, raw, problems)
            for path, raw in zip(history, raws, strict=True)
        ]
        model = _learnt([one for one in taught if one is not None])
        if cache is not None:
            cache.mkdir(parents=True, exist_ok=True)
            (cache / f"{hashed}.npz").write_bytes(to_bytes(model, hashed))
    rows = _rows(model, fires, p_war, problems)
    return Judged(rows, problems, model.years, hashed, bool(model.calibration))


def write_rows(judged: Judged, out: Path) -> None:
    """Write the pixels as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(judged.rows)
    out.write_text(text.getvalue(), encoding="utf-8")


def _rows(
    model: FireModel, files: Sequence[Path], p_war: float, problems: list[str]
) -> list[tuple[str | int | float, ...]]:
    read = [(path, _pixels(path, whole(path, LIMIT_BYTES), problems)) for path in files]
    found = [(path, one) for path, one in read if one is not None]
    if not found:
        return []
    fires, which = daily_fires([one for _, one in found], DEFAULT.link_m)
    ratio = model.log10_ratio(fires, fires)
    p = model.probability(ratio, p_war)[which]
    columns = (
        np.concatenate([np.full(len(one), path.name) for path, one in found]),
        np.concatenate([one.row for _, one in found]),
        np.concatenate([one.lat_deg for _, one in found]).round(6),
        np.concatenate([one.lon_deg for _, one in found]).round(6),
        np
        .concatenate([one.begin_ns // DAY_NS for _, one in found])
        .astype("datetime64[D]")
        .astype(str),
        which,
        p.round(5),
        ratio[which].round(4),
    )
    return list(zip(*(one.tolist() for one in columns), strict=True))


def _pixels(path: Path, raw: bytes, problems: list[str]) -> FirePixels | None:
    """The pixels of one file, ``None`` where it lists none.

    Raises:
        SourceError: if it is no list of fires.
    """
    delivery = Delivery(
        source="firms",
        name=path.name,
        sha256=sha256(raw).hexdigest(),
        size_bytes=len(raw),
    )
    source: Source = load(SOURCES, "firms")
    try:
        batch: Batch = source.read(raw, delivery)
    except SourceError as error:
        msg = f"{path}: {error}"
        raise SourceError(msg) from error
    problems += [f"{path.name}: {one.where}: {one.why}" for one in batch.rejections]
    return FirePixels.from_columns(batch.tables[0]) if batch.tables else None


def _learnt(taught: list[FirePixels]) -> FireModel:
    """The model of a history.

    Raises:
        SourceError: if it has no fire.
    """
    model = learn(taught)
    if model is None:
        msg = "no history lists a fire: nothing can be learnt"
        raise SourceError(msg)
    return model


def _kept(cache: Path | None, hashed: str) -> FireModel | None:
    """The model kept in a folder under its provenance, if it is there and whole."""
    if cache is None or not (cache / f"{hashed}.npz").is_file():
        return None
    return from_bytes(whole(cache / f"{hashed}.npz", LIMIT_BYTES), hashed, DEFAULT)
