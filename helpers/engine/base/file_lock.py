"""A lock between processes, held on a file."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.errors import Interrupted

POLL_SECONDS = 0.1


@contextmanager
def exclusive(
    path: Path, cancelled: threading.Event, on_wait: Callable[[], None] | None = None
) -> Iterator[None]:
    """A block that one process (and one thread of it) at a time is in; others wait for their turn.

    The system gives the lock back when its holder dies. Raises Interrupted once cancelled is set.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _taken(descriptor):
            if on_wait:
                on_wait()
            while not _taken(descriptor):
                if cancelled.wait(POLL_SECONDS):
                    raise Interrupted(
                        "Interrupted while it waited for another workbook.", "Run it again."
                    )
        yield
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _taken(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _taken(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
