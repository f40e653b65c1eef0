"""Compiled functions: the same arithmetic on every machine.

No fused multiply-add, no reordering of sums, no threads: float64 in the order written.
The compiled code is kept on disk, so that only the first run waits. It stands under the
hash of all files of this package: numba itself asks only whether the file of a function
changed, not whether a function it calls did.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec, TypeVar

from numba import config, njit

P = ParamSpec("P")
R = TypeVar("R")

HERE = Path(__file__).parent


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled at its first call and cached on disk."""
    return _compiled(function, counts=True)


def part(function: Callable[P, R]) -> Callable[P, R]:
    """A function that kernels call, and that neither makes nor returns an array.

    It counts no references: these cost more than the arithmetic between them. One
    whose name begins with an underscore can be called from kernels alone.
    """
    return _compiled(function, counts=False)


def cache_folder(package: Path, given: str, home: Path) -> Path:
    """Where the compiled code of a package's present source is kept.

    `given` (the environment's NUMBA_CACHE_DIR) goes first, then the package itself;
    where neither can be written, the cache of the user's `home`, then a temporary one.
    """
    source = sha256()
    for file in sorted(package.glob("*.py")):
        source.update(file.name.encode() + b"\0" + file.read_bytes())
    own = package / "__pycache__"
    places = [Path(given)] if given else [own, home / ".cache" / "trucewatch"]
    name = f"kernels-{source.hexdigest()[:16]}"
    for place in places:
        folder = place / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.gettempdir()) / f"trucewatch-{os.getuid()}" / name


NUMBA = vars(config)
FOLDER = cache_folder(HERE, NUMBA["CACHE_DIR"], Path.home())


def _compiled(function: Callable[P, R], counts: bool) -> Callable[P, R]:
    theirs, NUMBA["CACHE_DIR"] = NUMBA["CACHE_DIR"], str(FOLDER)
    try:
        compiled = njit(cache=True, error_model="numpy")(function)
    finally:
        NUMBA["CACHE_DIR"] = theirs
    private = not counts and function.__name__.startswith("_")
    compiled.targetoptions.update(
        _nrt=counts, no_cpython_wrapper=private, no_cfunc_wrapper=True
    )
    told: Callable[P, R] = compiled
    return told
