"""What a folder keeps between two runs, so that no picture is read twice.

``state.json`` names the generation in force; ``g<n>/`` holds it: one file of moments
per tile, the series of all places and probes, and a coarse reference picture per band.
A new generation is written beside the old one and takes its place in one step, so that
a killed run leaves the old one whole.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trucewatch.detect.change.moments import Moments
from trucewatch.detect.change.settings import ChangeSettings
from trucewatch.detect.change.tile import Side
from trucewatch.errors import SourceError
from trucewatch.watch.change_places import Places
from trucewatch.watch.pictures import Pixels, Window

_FORM = 1
Matrix = NDArray[np.float32]  # shape (n_places, n_pictures)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the pictures seen so far.

    Attributes:
        since: pictures from then on are later ones.
        names: of the pictures, in the order of the columns below.
        power: sum of power over each place's pixels, levels removed.
        pixels: how many pixels of it held data.
        probes_db: of probes, shape ``(n_probes, n_pictures)``.
        references: per band, a coarse picture that tells the level of later ones.
        probes: row and column of each probe on the grid.
    """

    since: datetime
    names: tuple[str, ...]
    power: Matrix
    pixels: Matrix
    probes_db: Matrix
    probes: NDArray[np.int64]
    references: Mapping[str, Pixels] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """A folder and the generation in force; 0 before the first."""

    folder: Path
    generation: int = 0

    def tile(self, window: Window) -> Path:
        """Where the moments of a tile lie."""
        name = f"tile-{window.row}-{window.column}.npz"
        return self.folder / f"g{self.generation}" / name

    def following(self) -> State:
        """The next generation, its folder made and empty."""
        one = State(self.folder, self.generation + 1)
        path = one.folder / f"g{one.generation}"
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return one

    def known(self) -> Known:
        """What this generation knows.

        Raises:
            SourceError: if it cannot be read.
        """
        path = self.folder / f"g{self.generation}" / "series.npz"
        try:
            with np.load(path, allow_pickle=False) as found:
                return Known(
                    since=datetime.fromisoformat(str(found["since"])),
                    names=tuple(found["names"].tolist()),
                    power=found["power"],
                    pixels=found["pixels"],
                    probes_db=found["probes_db"],
                    probes=found["probes"],
                    references={
                        key.removeprefix("reference:"): found[key]
                        for key in found.files
                        if key.startswith("reference:")
                    },
                )
        except (OSError, ValueError, KeyError, EOFError) as error:
            msg = f"{path} cannot be read: {error}; remove {self.folder} to start anew"
            raise SourceError(msg) from error

    def keep(self, known: Known) -> None:
        """Write what is known beside the tiles of this generation."""
        parts = {f"reference:{name}": one for name, one in known.references.items()}
        np.savez(
            self.folder / f"g{self.generation}" / "series.npz",
            since=np.array(known.since.isoformat()),
            names=np.array(known.names, np.str_),
            power=known.power,
            pixels=known.pixels,
            probes_db=known.probes_db,
            probes=known.probes,
            **parts,  # type: ignore[arg-type]
        )

    def enforce(self, meaning: str) -> None:
        """Make this generation the one in force, and drop the others."""
        body = {"form": _FORM, "generation": self.generation, "meaning": meaning}
        fresh = self.folder / "state.json.new"
        fresh.write_text(json.dumps(body) + "\n", "utf-8")
        Path(fresh).replace(self.folder / "state.json")
        for old in self.folder.glob("g*"):
            if old.name != f"g{self.generation}":
                shutil.rmtree(old, ignore_errors=True)


def meaning_of(places: Places, settings: ChangeSettings) -> str:
    """A hash of what a state cannot outlive: grid, places, filter, tiles."""
    told = sha256(repr(places.grid).encode())
    told.update(repr((places.side, places.ids)).encode())
    for shape in places.shapes:
        told.update(shape.wkb)
    kept = asdict(settings)
    parts = [kept[n] for n in ("margin", "looks_ratio", "tile", "probes")]
    told.update(repr(parts).encode())
    return told.hexdigest()


def opened(folder: Path, meaning: str) -> State:
    """The state a folder holds; none yet where it holds nothing.

    Raises:
        SourceError: if it is of other places, another grid or another filter.
    """
    path = folder / "state.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        return State(folder)
    try:
        body = json.loads(path.read_text("utf-8"))
        found = (body["form"], body["meaning"], int(body["generation"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path} cannot be read: {error}; remove {folder} to start anew"
        raise SourceError(msg) from error
    if found[:2] != (_FORM, meaning):
        msg = (
            f"{folder} was made for other places, another grid or another filter: "
            "name another folder, or remove it to start anew"
        )
        raise SourceError(msg)
    return State(folder, found[2])


def moments_in(path: Path) -> dict[Side, Moments]:
    """The moments of a tile; none where nothing is kept.

    Raises:
        SourceError: if the file cannot be read.
    """
    if not path.exists():
        return {}
    try:
        with np.load(path, allow_pickle=False) as found:
            return {_side(key): Moments(found[key]) for key in found.files}
    except (OSError, ValueError, KeyError, EOFError) as error:
        msg = f"{path} cannot be read: {error}"
        raise SourceError(msg) from error


def keep_moments(path: Path, moments: Mapping[Side, Moments]) -> None:
    """Write the moments of a tile."""
    parts = {f"{band}|{int(late)}": one.state for (band, late), one in moments.items()}
    np.savez(path, **parts)  # type: ignore[arg-type]


def _side(key: str) -> Side:
    band, _, late = key.rpartition("|")
    return band, late == "1"
