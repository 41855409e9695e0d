"""A file that is held open, and read at any place by several threads at once."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

from helpers.engine.bundle.blobs import CHUNK_BYTES


class OpenedFile:
    """The file that had that name when it was opened, whatever is saved under it since.

    It is closed with the last reader that holds it: a descriptor that was closed under one could
    be another file's by then.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        weakref.finalize(self, os.close, self._descriptor).atexit = False
        self._turn = threading.Lock()

    @property
    def size_bytes(self) -> int:
        """How many bytes it has at this moment."""
        return os.fstat(self._descriptor).st_size

    def read(self, start: int, size_bytes: int) -> bytes:
        """The bytes from there on; fewer at its end."""
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, size_bytes, start)
        with self._turn:  # Windows has one place to read from for all threads
            os.lseek(self._descriptor, start, os.SEEK_SET)
            return os.read(self._descriptor, size_bytes)

    def stretch(self, start: int, size_bytes: int) -> Iterator[bytes]:
        """A stretch of it, in chunks; raises EOFError where it ends before."""
        end = start + size_bytes
        while start < end:
            chunk = self.read(start, min(CHUNK_BYTES, end - start))
            if not chunk:
                raise EOFError("it ends too early")
            start += len(chunk)
            yield chunk
