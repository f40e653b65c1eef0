"""Compiled functions: the same arithmetic on every machine.

No fused multiply-add, no reordering of sums, no threads: float64 in the order written.
The compiled code is kept on disk, so that only the first run waits. It stands under the
hash of the function's file and of all files of this package that it imports: numba
itself asks only whether the file of a function changed, not whether one it calls did.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec, TypeVar

from numba import config, njit

P = ParamSpec("P")
R = TypeVar("R")

IMPORT = re.compile(r"^from [\w.]+\.(\w+) import", re.MULTILINE)
NUMBA = vars(config)


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled at its first call and cached on disk."""
    return _compiled(function, counts=True)


def part(function: Callable[P, R]) -> Callable[P, R]:
    """A function that kernels call, and that neither makes nor returns an array.

    It counts no references: these cost more than the arithmetic between them. One
    whose name begins with an underscore can be called from kernels alone.
    """
    return _compiled(function, counts=False)


def cache_folder(module: Path, given: str, home: Path) -> Path:
    """Where the compiled code of a module's present source is kept.

    `given` (the environment's NUMBA_CACHE_DIR) goes first, then the package itself;
    where neither can be written, the cache of the user's `home`, then a fresh folder.
    """
    source = sha256()
    for file in sorted(_imported(module)):
        source.update(file.name.encode() + b"\0" + file.read_bytes())
    own = module.parent / "__pycache__"
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
    return Path(tempfile.mkdtemp(prefix="trucewatch-"))


def _imported(module: Path) -> set[Path]:
    """The module and all of its folder that it imports, directly or not."""
    found, asked = {module}, [module]
    while asked:
        for name in IMPORT.findall(asked.pop().read_text("utf-8")):
            file = module.parent / f"{name}.py"
            if file not in found and file.is_file():
                found.add(file)
                asked.append(file)
    return found


@cache
def _folder(module: str) -> str:
    return str(cache_folder(Path(module), NUMBA["CACHE_DIR"], Path.home()))


def _compiled(function: Callable[P, R], counts: bool) -> Callable[P, R]:
    file = function.__code__.co_filename
    theirs, NUMBA["CACHE_DIR"] = NUMBA["CACHE_DIR"], _folder(file)
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
