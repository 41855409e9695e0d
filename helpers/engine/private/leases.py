"""Locks and leases between processes of one machine, by flock: the kernel drops them with the
process that held them, so that one which was killed never counts.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """One process (or thread) at a time inside; the lock file is gone when nobody is.

    Who waited for a file that was removed meanwhile takes the new one: the inode tells.
    """
    import fcntl

    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if not _is_file_of(handle, path):
                continue
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return
        finally:
            os.close(handle)


def _is_file_of(handle: int, path: Path) -> bool:
    """True where the open file still is the one that the path names."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


@dataclass(frozen=True)
class Lease:
    """One user's claim, held until it is dropped or its process ends."""

    path: Path
    handle: int

    def drop(self) -> None:
        """The claim is over."""
        self.path.unlink(missing_ok=True)
        os.close(self.handle)


class Leases:
    """The claims on one thing: a folder with a locked file for each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take(self) -> Lease:
        """A new claim of this process. Call it inside `exclusive`."""
        import fcntl

        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{os.getpid()}-", dir=self.folder)
        fcntl.flock(handle, fcntl.LOCK_EX)
        return Lease(Path(name), handle)

    def living(self) -> int:
        """How many claims hold; files of processes that are gone are removed on the way."""
        files = list(self.folder.iterdir()) if self.folder.is_dir() else []
        return sum(_is_held(path) for path in files)


def _is_held(path: Path) -> bool:
    """True where some process holds the file's lock; removes the file where none does."""
    import fcntl

    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        path.unlink(missing_ok=True)
        return False
    finally:
        os.close(handle)
