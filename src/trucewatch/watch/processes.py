"""Other processes that take over part of the work."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from trucewatch.errors import MissionError
from trucewatch.watch.signals import uninterrupted


@contextmanager
def processes(workers: int) -> Iterator[Executor | None]:
    """As many processes as wanted, or none where one is enough.

    Raises:
        MissionError: if one of them was ended.
    """
    if workers == 1:
        yield None
        return
    with uninterrupted():
        pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        with pool:
            yield pool
    except BrokenExecutor as error:
        msg = (
            "a process that took over work was ended from outside, perhaps for want of"
            " memory; run again with fewer --workers"
        )
        raise MissionError(msg) from error
