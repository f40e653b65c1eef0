"""Compile the engine of acoustic networks before anybody waits for it.

python tools/compile.py             for this machine, into the cache of the package
python tools/compile.py --shipped   for any processor of its kind, into the package
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

SHIPPED = Path(__file__).parents[1] / "src/trucewatch/fuse/acoustic/compiled"


def main() -> int:
    """Every kernel has been called once; 1 if the arguments are wrong."""
    shipped = sys.argv[1:] == ["--shipped"]
    if sys.argv[1:] and not shipped:
        print(__doc__, file=sys.stderr)
        return 1
    if shipped:
        shutil.rmtree(SHIPPED, ignore_errors=True)
        SHIPPED.mkdir()  # which also asks for code that any processor can run
        os.environ["NUMBA_CACHE_DIR"] = str(SHIPPED)
    import numpy as np

    from trucewatch.fuse.acoustic.aloft import lifted
    from trucewatch.fuse.acoustic.engine import solve
    from trucewatch.fuse.acoustic.fronts import front
    from trucewatch.fuse.acoustic.settings import EngineSettings
    from trucewatch.watch.associate import warm_up

    began = time.process_time()
    warm_up(solve, EngineSettings())
    lifted(np.zeros((3, 4)))
    front(np.zeros((3, 3)))
    print(f"compiled or loaded in {time.process_time() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
