"""Memory, kept on request."""

import mmap
import sys
import threading

from flask import Blueprint, abort

from .query import whole_number

MB = 1_000_000
MAX_LEAK_MB_PER_CALL = 256
MAX_LEAK_MB = 1024


class Leak:
    """Memory that is kept until it is freed."""

    def __init__(self) -> None:
        self._blocks: list[mmap.mmap] = []
        self._lock = threading.Lock()

    @property
    def size_bytes(self) -> int:
        with self._lock:
            return sum(len(block) for block in self._blocks)

    def grow(self, size_bytes: int, most_bytes: int) -> bool:
        """Whether there was room below `most_bytes`; MemoryError if the system has no more."""
        with self._lock:
            if sum(len(block) for block in self._blocks) + size_bytes > most_bytes:
                return False
            self._blocks.append(_resident_block(size_bytes))
            return True

    def free(self) -> int:
        """How many bytes went back to the system."""
        with self._lock:
            freed_bytes = sum(len(block) for block in self._blocks)
            while self._blocks:
                self._blocks.pop().close()
            return freed_bytes


def _resident_block(size_bytes: int) -> mmap.mmap:
    """Memory of the process's own with each page written to, for only then it is really there.

    It comes from mmap because closing that gives every page back at once; Python's own
    allocator might keep them.
    """
    try:
        if sys.platform == "win32":
            block = mmap.mmap(-1, size_bytes)
        else:
            block = mmap.mmap(-1, size_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    except OSError as error:
        raise MemoryError from error
    pages = len(range(0, size_bytes, mmap.PAGESIZE))
    block[:: mmap.PAGESIZE] = b"\x01" * pages
    return block


def leak_pages(leak: Leak) -> Blueprint:
    """`GET /leak?mb=50` keeps 50 MB more, `DELETE /leak` frees all of it."""
    pages = Blueprint("leak", __name__)

    @pages.get("/leak")
    def grow() -> dict[str, float]:
        size_bytes = whole_number("mb", MAX_LEAK_MB_PER_CALL) * MB
        try:
            has_room = leak.grow(size_bytes, MAX_LEAK_MB * MB)
        except MemoryError:
            abort(503, "The system gives this app no more memory; DELETE /leak frees some.")
        if not has_room:
            abort(409, f"The leak may not pass {MAX_LEAK_MB} MB; DELETE /leak frees it.")
        return {"leaked_mb": leak.size_bytes / MB}

    @pages.delete("/leak")
    def free() -> dict[str, float]:
        return {"freed_mb": leak.free() / MB}

    return pages
