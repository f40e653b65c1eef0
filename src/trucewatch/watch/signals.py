"""Hold Ctrl-C back where it would do harm, and take it a moment later."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C pressed inside counts when the block ends.

    Modules written in C that are interrupted while they load print a stack of their
    own. Processes started inside never take Ctrl-C; whoever started them ends them.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
