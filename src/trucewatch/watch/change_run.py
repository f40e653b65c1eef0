"""One run of the change command: what was asked, from stack to files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from trucewatch.collect.places import Bounds
from trucewatch.detect.change.settings import ChangeSettings
from trucewatch.errors import SourceError
from trucewatch.watch.change import Wish, change, map_tiles
from trucewatch.watch.change_places import footprints, squares
from trucewatch.watch.change_results import collection, write_collection, write_map
from trucewatch.watch.optical import BANDS
from trucewatch.watch.pictures import SCALES, Stack, listed, stored
from trucewatch.watch.processes import processes
from trucewatch.watch.stac import Wanted, saved, searched, stack_of

OPTICAL = ("index", "reflectance")


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command."""

    stack: str
    since: datetime
    out: Path
    footprints: Path | None = None
    square: int = 5
    state: Path | None = None
    scale: str = "power"
    workers: int = 1
    collection: str = ""
    between: str = ""
    bounds: str = ""
    crs: str = ""


def run(asked: Asked, settings: ChangeSettings) -> dict[str, object]:
    """Write ``change.tif`` and ``changes.geojson``; a summary of both.

    Raises:
        SourceError: if the stack, the footprints, the state or an option is unusable.
    """
    _check(asked, settings)
    if asked.scale in OPTICAL:
        # Speckle is radar's; seasons move what the eye sees.
        settings = replace(settings, margin=0, ahead=True)
    stack = stack_at(asked)
    places = (
        footprints(asked.footprints, stack.grid)
        if asked.footprints
        else squares(stack.grid, asked.square)
    )
    wish = Wish(stack, places, asked.since, settings)
    asked.out.mkdir(parents=True, exist_ok=True)
    with _folder(asked.state) as folder, processes(asked.workers) as executor:
        found = change(wish, folder, executor)
        write_map(asked.out / "change.tif", stack.grid, map_tiles(found, executor))
        body = collection(found)
    write_collection(asked.out / "changes.geojson", body)
    about = body["about"]
    assert isinstance(about, dict)
    return {**about, "folded": found.folded}


def stack_at(asked: Asked) -> Stack:
    """The pictures at a path or an address, by the form of its name.

    Raises:
        SourceError: if they cannot be read.
    """
    if asked.stack.startswith(("https://", "http://")):
        wanted = _wanted(asked)
        return stack_of(searched(asked.stack, wanted), wanted, asked.scale)
    path = Path(asked.stack)
    if not path.exists():
        msg = f"{path} does not exist"
        raise SourceError(msg)
    if path.suffix == ".json":
        wanted = _wanted(asked)
        return stack_of(saved(path), wanted, asked.scale)
    if path.is_dir():
        return stored(path, asked.scale)
    return listed(path, asked.scale)


def _wanted(asked: Asked) -> Wanted:
    try:
        box = Bounds.parsed(asked.bounds)
    except ValueError as error:
        msg = "STAC needs --bounds west,south,east,north in degrees"
        raise SourceError(msg) from error
    corners = (box.west_deg, box.south_deg, box.east_deg, box.north_deg)
    assets = BANDS if asked.scale == "reflectance" else ("vv", "vh")
    return Wanted(asked.collection, asked.between, corners, assets, asked.crs)


def _check(asked: Asked, settings: ChangeSettings) -> None:
    wrong = ""
    if asked.scale not in SCALES:
        wrong = f"--scale must be one of {', '.join(SCALES)}, not {asked.scale!r}"
    elif asked.scale == "reflectance" and asked.stack.endswith(".csv"):
        wrong = "a table of files holds indices: --scale index, not reflectance"
    elif not 0 < settings.fdr_ratio < 1:
        wrong = f"--fdr must lie between 0 and 1, not {settings.fdr_ratio}"
    elif not 0.5 <= settings.looks_ratio <= 10_000:
        wrong = f"--looks must lie between 0.5 and 10000, not {settings.looks_ratio}"
    elif asked.square < 1 or asked.workers < 1:
        wrong = "--square and --workers must be 1 or more"
    if wrong:
        raise SourceError(wrong)


@contextmanager
def _folder(state: Path | None) -> Iterator[Path]:
    if state is not None:
        yield state
        return
    with TemporaryDirectory(prefix="trucewatch-change-") as name:
        yield Path(name)
