"""What the tests of both processes take turns at: the machine, and the ports of each lesson."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def machine(folder: Path, alone: bool) -> Iterator[None]:
    """A block in which no other process that names this folder is, if `alone`; else it is shared.

    Who comes while another waits to be alone waits behind it.
    """
    import fcntl

    with (folder / "queue").open("w") as queue, (folder / "machine").open("w") as lock:
        fcntl.flock(queue, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(queue, fcntl.LOCK_UN)
        yield


class LessonPorts:
    """The ports of one lesson, which one process has from its first cell to its last."""

    def __init__(self) -> None:
        self._lesson = ""
        self._lock: TextIO | None = None

    def take(self, folder: Path, lesson: str) -> None:
        """That lesson's ports are ours, and no others; '' gives back all."""
        import fcntl

        if lesson == self._lesson:
            return
        if self._lock:
            self._lock.close()
        self._lesson, self._lock = lesson, None
        if lesson:
            self._lock = (folder / f"lesson-{lesson}").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX)
