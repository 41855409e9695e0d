"""The head of an HTTP request on its way to the engine, and the body behind it.

Source: RFC 9112, sections 2 and 6; of headers only those are read that say where a request ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Self

_LONGEST_HEAD_BYTES = 1 << 16
_PIECE_BYTES = 1 << 16
_LONGEST_BODY_BYTES = 1 << 24
_MOST_DIGITS = 18
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")


class Unreadable(ValueError):
    """What came is no request."""


@dataclass(frozen=True)
class RequestHead:
    """`lines` are its lines without their ends: the request itself, then its headers."""

    lines: tuple[bytes, ...]

    @classmethod
    def read(cls, stream: IO[bytes]) -> Self | None:
        """The next head; None where the client has ended. Raises Unreadable."""
        lines: list[bytes] = []
        left = _LONGEST_HEAD_BYTES
        while line := stream.readline(left):
            left -= len(line)
            if not line.endswith(b"\n") or not left:
                raise Unreadable("a head without an end")
            if text := line.rstrip(b"\r\n"):
                lines.append(text)
            elif lines:
                return cls(tuple(lines))
        if lines:
            raise Unreadable("a head without an end")
        return None

    @property
    def method(self) -> str:
        """GET, POST and so on."""
        return self.lines[0].partition(b" ")[0].decode("latin-1")

    @property
    def path(self) -> str:
        """What is asked for, without a query."""
        target = self.lines[0].partition(b" ")[2].partition(b" ")[0]
        return target.partition(b"?")[0].decode("latin-1")

    @property
    def switches(self) -> bool:
        """Whether the connection is another protocol's from the answer on."""
        return bool(self._header(b"upgrade"))

    def body(self, stream: IO[bytes]) -> Iterator[bytes]:
        """The body as it comes, with the marks of its chunks; raises Unreadable."""
        if b"chunked" in self._header(b"transfer-encoding").lower():
            yield from _chunked(stream)
        else:
            yield from _exactly(stream, self._length)

    def whole_body(self, stream: IO[bytes]) -> bytes:
        """The body at once, without marks; raises Unreadable, also for one of 16 MiB or more."""
        if b"chunked" in self._header(b"transfer-encoding").lower():
            return b"".join(_contents(stream))
        if self._length > _LONGEST_BODY_BYTES:
            raise Unreadable("a body without an end")
        return b"".join(_exactly(stream, self._length))

    def with_body(self, body: bytes) -> bytes:
        """The head for that body in place of its own, and the body."""
        sizes = (b"content-length", b"transfer-encoding")
        kept = [line for line in self.lines if line.partition(b":")[0].strip().lower() not in sizes]
        return b"\r\n".join([*kept, b"Content-Length: %d" % len(body), b"", body])

    def __bytes__(self) -> bytes:
        return b"\r\n".join([*self.lines, b"", b""])

    @property
    def _length(self) -> int:
        text = self._header(b"content-length") or b"0"
        if not text.isdigit() or len(text) > _MOST_DIGITS:
            raise Unreadable("a body of no length")
        return int(text)

    def _header(self, name: bytes) -> bytes:
        for line in self.lines[1:]:
            key, _, value = line.partition(b":")
            if key.strip().lower() == name:
                return value.strip()
        return b""


def _exactly(stream: IO[bytes], length: int) -> Iterator[bytes]:
    while length:
        piece = stream.read1(min(length, _PIECE_BYTES))  # type: ignore[attr-defined]
        if not piece:
            raise Unreadable("a body that ends too early")
        length -= len(piece)
        yield piece


def _chunked(stream: IO[bytes]) -> Iterator[bytes]:
    while True:
        mark = stream.readline(_PIECE_BYTES)
        yield mark
        size = _size(mark)
        if not size:
            break
        yield from _exactly(stream, size)
        yield stream.readline(_PIECE_BYTES)
    while (line := stream.readline(_PIECE_BYTES)).strip():
        yield line
    yield line


def _contents(stream: IO[bytes]) -> Iterator[bytes]:
    total = 0
    while size := _size(stream.readline(_PIECE_BYTES)):
        total += size
        if total > _LONGEST_BODY_BYTES:
            raise Unreadable("a body without an end")
        yield from _exactly(stream, size)
        stream.readline(_PIECE_BYTES)
    while stream.readline(_PIECE_BYTES).strip():
        pass


def _size(mark: bytes) -> int:
    text = mark.partition(b";")[0].strip()
    if not _SIZE.fullmatch(text):
        raise Unreadable("a chunk of no size")
    return int(text, 16)
