"""Compiled functions: the same arithmetic on every machine.

No fused multiply-add, no reordering of sums, no threads: float64 in the order written.
The compiled code is kept on disk, so that only the first run waits; a wheel built with
`tools/compile.py` brings it along. It stands under the hash of the function's file and
of all files of this package that it imports: numba itself asks only whether the file
of a function changed, not whether one it calls did.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec, TypeVar

from numba import config, njit
from numba.core import types
from numba.core.caching import IndexDataCacheFile
from numba.core.dispatcher import Dispatcher

P = ParamSpec("P")
R = TypeVar("R")

IMPORT = re.compile(r"^from [\w.]+\.(\w+) import", re.MULTILINE)
NUMBA = vars(config)
SHIPPED = "compiled"  # folder of the package with what a wheel brings
ANY_PROCESSOR = "generic"

if (Path(__file__).parent / SHIPPED).is_dir() and NUMBA["CPU_NAME"] is None:
    NUMBA["CPU_NAME"], NUMBA["CPU_FEATURES"] = ANY_PROCESSOR, ""


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled at its first call and cached on disk.

    Other threads go on while it runs: a stream tells while its blocks are solved.
    """
    return _compiled(function, counts=True, copied=False)


def part(function: Callable[P, R]) -> Callable[P, R]:
    """A function copied into the kernels that use it.

    It neither makes nor returns an array. A call would hand over some hundred numbers
    that stand for a scene, and count references: both cost more than the arithmetic
    between them. One whose name begins with an underscore is for kernels alone.
    """
    return _compiled(function, counts=False, copied=True)


def shared(function: Callable[P, R]) -> Callable[P, R]:
    """As a part, but so large that kernels share one copy and call it."""
    return _compiled(function, counts=False, copied=False)


def cache_folder(module: Path, given: str, home: Path) -> Path:
    """Where the compiled code of a module's present source is kept.

    `given` (the environment's NUMBA_CACHE_DIR) goes first, then what the package
    brings, then its cache; where neither can be written, the cache of the user's
    `home`, into which goes what the package brings; then a fresh folder.
    """
    source = sha256()
    for file in sorted(_imported(module)):
        source.update(file.name.encode() + b"\0" + file.read_bytes())
    name = f"kernels-{source.hexdigest()[:16]}"
    shipped, own = module.parent / SHIPPED / name, module.parent / "__pycache__"
    places = [own, home / ".cache" / "trucewatch"]
    if shipped.is_dir():
        places[0] = shipped.parent
    for place in [Path(given)] if given else places:
        folder = place / name
        try:
            if shipped.is_dir() and not folder.is_dir():
                shutil.copytree(shipped, folder)
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


def _compiled(function: Callable[P, R], counts: bool, copied: bool) -> Callable[P, R]:
    folder = _folder(function.__code__.co_filename)
    theirs, NUMBA["CACHE_DIR"] = NUMBA["CACHE_DIR"], folder
    try:
        compiled = njit(cache=True, error_model="numpy", nogil=True)(function)
    finally:
        NUMBA["CACHE_DIR"] = theirs
    private = not counts and function.__name__.startswith("_")
    compiled.targetoptions.update(
        _nrt=counts,
        forceinline=copied,
        no_cpython_wrapper=private,
        no_cfunc_wrapper=True,
    )
    _keep_in(compiled, Path(folder))
    _ask_plainly(compiled)
    told: Callable[P, R] = compiled
    return told


def _keep_in(compiled: object, folder: Path) -> None:
    """Neither the path of the package nor the date of its files is asked for."""
    kept = vars(compiled)["_cache"]
    file: Callable[[str, str, str], object] = IndexDataCacheFile
    kept._cache_path = kept._impl.locator._cache_path = str(folder)
    kept._cache_file = file(str(folder), kept._impl.filename_base, folder.name)


def _ask_plainly(compiled: Dispatcher) -> None:
    """One compilation serves a call with 2, with 3 and with a variable."""
    ask: Callable[..., object] = compiled.get_call_template
    plain: Callable[[object], object] = types.unliteral

    def asked(args: tuple[object, ...], kws: dict[str, object]) -> object:
        return ask(tuple(plain(one) for one in args), kws)

    vars(compiled)["get_call_template"] = asked
