"""Compiled functions: the same arithmetic on every machine.

No fused multiply-add, no reordering of sums, no threads: float64 in the order written.
The compiled code is kept beside the module, so that only the first run waits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled at its first call and cached on disk."""
    compiled: Callable[P, R] = njit(cache=True, error_model="numpy")(function)
    return compiled
