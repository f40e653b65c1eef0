"""A learnt background as bytes, with what it was learnt from; never unpickled."""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from io import BytesIO
from zipfile import BadZipFile

import numpy as np

from trucewatch.detect.thermal.calibrate import Calibration
from trucewatch.detect.thermal.grid import Grid
from trucewatch.detect.thermal.local import Places
from trucewatch.detect.thermal.model import Background, FireModel
from trucewatch.detect.thermal.settings import LEVELS, ThermalSettings

FORM = "trucewatch fire background 1"  # raise it when what is learnt changes


def provenance(sha256s: list[str], settings: ThermalSettings) -> str:
    """One hash over what a background follows from: histories, settings and form."""
    levels = [asdict(one) for one in LEVELS]
    told = {
        "form": FORM,
        "histories": sorted(set(sha256s)),
        "settings": asdict(settings),
        "levels": levels,
    }
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def to_bytes(model: FireModel, hashed: str) -> bytes:
    """The model as an npz archive that names its provenance."""
    background, grid = model.background, model.background.grid
    sink = BytesIO()
    np.savez_compressed(
        sink,
        allow_pickle=False,
        hashed=np.array(hashed),
        grid=np.array([
            *(grid.south_deg, grid.west_deg, grid.cell_deg),
            *(grid.rows, grid.columns),
        ]),
        rate=background.rate,
        whole_days=background.whole_days,
        local_cell=background.local.cell,
        local_value=background.local.value,
        source_cell=background.sources.cell,
        source_value=background.sources.value,
        density=model.calibration.log10_density,
        ratio=model.calibration.log10_ratio,
        lasting_score=model.lasting.log10_density,
        lasting_ratio=model.lasting.log10_ratio,
        mean=np.array(model.mean_per_km2_day),
        years=np.array(model.years, dtype=np.int64),
    )
    return sink.getvalue()


def from_bytes(raw: bytes, hashed: str, settings: ThermalSettings) -> FireModel | None:
    """The model kept in ``raw``; ``None`` if it is damaged or of another provenance."""
    try:
        with np.load(BytesIO(raw), allow_pickle=False) as kept:
            if str(kept["hashed"]) != hashed:
                return None
            south, west, cell, rows, columns = kept["grid"].tolist()
            background = Background(
                grid=Grid(south, west, cell, int(rows), int(columns)),
                rate=kept["rate"],
                whole_days=kept["whole_days"],
                local=Places(kept["local_cell"], kept["local_value"]),
                sources=Places(kept["source_cell"], kept["source_value"]),
                settings=settings,
            )
            return FireModel(
                background=background,
                calibration=Calibration(kept["density"], kept["ratio"]),
                lasting=Calibration(kept["lasting_score"], kept["lasting_ratio"]),
                mean_per_km2_day=float(kept["mean"]),
                years=tuple(kept["years"].tolist()),
            )
    except (BadZipFile, KeyError, OSError, ValueError, EOFError):
        return None
