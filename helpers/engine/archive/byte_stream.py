"""A stream of bytes, read in pieces of any size and never held as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

from helpers.errors import UnreadableImage

# Small enough for the cache of a processor: pieces of 1 MiB take a tenth longer.
PIECE_BYTES = 1 << 17
FINGERPRINT_BYTES = 16


class ByteStream:
    """The chunks of an iterable, from which exact amounts are taken or skipped.

    `size_bytes` is the most that can come, where that is known. `seek` moves the source forward
    by some bytes, where it can. `source` is the packed stream that it is unpacked from. Raises
    UnreadableImage where the bytes end too soon.
    """

    def __init__(
        self,
        chunks: Iterable[bytes | memoryview],
        size_bytes: int | None = None,
        seek: Callable[[int], object] | None = None,
        source: ByteStream | None = None,
    ) -> None:
        self._source = source
        self._chunks = iter(chunks)
        self._seek = seek
        self._view = memoryview(b"")
        self._at = 0
        self._end = 0
        self._before = 0
        self.size_bytes = size_bytes

    @property
    def done_bytes(self) -> int:
        """How many bytes were taken or skipped so far."""
        return self._before + self._at

    @property
    def read_bytes(self) -> int:
        """How many bytes were read for it so far, packed as they came."""
        return self._source.read_bytes if self._source else self.done_bytes

    def take(self, count: int) -> bytes:
        """Exactly so many bytes, or none at all at the very end."""
        end = self._at + count
        if end <= self._end:
            taken = self._view[self._at : end].tobytes()
            self._at = end
            return taken
        pieces = b"".join(self.pieces(count, may_end=True))
        if pieces and len(pieces) < count:
            raise cut_off()
        return pieces

    def peek(self, count: int) -> bytes:
        """The next bytes, which stay to be read; fewer where the stream ends."""
        if self._end - self._at < count:
            pieces = [self._view[self._at :].tobytes()]
            self._before, left = self.done_bytes, self._end - self._at
            while left < count and (chunk := next(self._chunks, None)) is not None:
                pieces.append(bytes(chunk))
                left += len(chunk)
            self._view = memoryview(b"".join(pieces))
            self._at, self._end = 0, left
        return self._view[self._at : self._at + count].tobytes()

    def pieces(self, count: int, may_end: bool = False) -> Iterator[memoryview]:
        """The next so many bytes, in pieces."""
        while count:
            if self._at == self._end and not self._fill():
                if may_end:
                    return
                raise cut_off()
            end = min(self._at + count, self._end)
            piece = self._view[self._at : end]
            count -= end - self._at
            self._at = end
            yield piece

    def rest(self) -> Iterator[memoryview]:
        """All that is left, in pieces."""
        while self._at < self._end or self._fill():
            piece = self._view[self._at :]
            self._at = self._end
            yield piece

    def skip(self, count: int) -> None:
        """Moves on by so many bytes."""
        end = self._at + count
        if end <= self._end:
            self._at = end
            return
        if self._seek and (self.size_bytes is None or self.done_bytes + count <= self.size_bytes):
            self._before, ahead = self.done_bytes + count, end - self._end
            self._view, self._at, self._end = memoryview(b""), 0, 0
            self._seek(ahead)
            return
        for _ in self.pieces(count):
            pass

    def fingerprint(self, count: int) -> bytes:
        """The fingerprint of the next so many bytes, which are a file's content."""
        end = self._at + count
        if end <= self._end:
            view = self._view[self._at : end]
            self._at = end
            return sha256(view).digest()[:FINGERPRINT_BYTES]
        digest = sha256()
        for piece in self.pieces(count):
            digest.update(piece)
        return digest.digest()[:FINGERPRINT_BYTES]

    def check(self, claimed_bytes: int) -> None:
        """Raises UnreadableImage at once where so many bytes cannot follow."""
        if self.size_bytes is not None and claimed_bytes > self.size_bytes - self.done_bytes:
            raise UnreadableImage(
                f"A header claims {claimed_bytes:,} bytes, and so many cannot follow.",
                "The archive is cut off or damaged: make it again.",
            )

    def _fill(self) -> bool:
        """Whether there is another chunk."""
        self._before += self._end
        self._at = self._end = 0
        for chunk in self._chunks:
            if len(chunk):
                self._view, self._end = memoryview(chunk), len(chunk)
                return True
        return False


def cut_off() -> UnreadableImage:
    """The error for an archive that ends in the middle."""
    return UnreadableImage("The archive is cut off in the middle.", "Make or fetch it again.")
