"""Where the blobs of images are read from: a bundle's file, or a folder of fetched ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

CHUNK_BYTES = 1 << 20


class Blobs(Protocol):
    """Blobs by their digest."""

    def chunks(self, digest: str) -> Iterator[bytes]:
        """The bytes of one; raises DamagedBundle where it is not there."""


def stretch(path: Path, start: int, size_bytes: int) -> Iterator[bytes]:
    """A stretch of a file, in chunks."""
    with path.open("rb") as file:
        file.seek(start)
        while size_bytes and (chunk := file.read(min(CHUNK_BYTES, size_bytes))):
            size_bytes -= len(chunk)
            yield chunk


class ChunkFile:
    """Chunks as a file that is read once, in pieces of any size."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._view = memoryview(b"")

    def read(self, size: int) -> bytes:
        """The next so many bytes; fewer at the end."""
        pieces: list[memoryview] = []
        while size:
            if not self._view:
                chunk = next(self._chunks, None)
                if chunk is None:
                    break
                self._view = memoryview(chunk)
            pieces.append(self._view[:size])
            self._view = self._view[len(pieces[-1]) :]
            size -= len(pieces[-1])
        return b"".join(pieces)
