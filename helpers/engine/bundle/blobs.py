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


def in_chunks(pieces: Iterable[bytes | memoryview], chunk_bytes: int) -> Iterator[bytes]:
    """The same bytes, each chunk but the last at least so long: small pieces cost a call each."""
    waiting, size_bytes = list[bytes | memoryview](), 0
    for piece in pieces:
        waiting.append(piece)
        size_bytes += len(piece)
        if size_bytes >= chunk_bytes:
            yield b"".join(waiting)
            waiting, size_bytes = [], 0
    if size_bytes:
        yield b"".join(waiting)
