"""The machine, shared by the tests of both processes; now and then one has it alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
