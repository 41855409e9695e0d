"""Values kept in a BoltDB file, read while another process writes it.

Source: go.etcd.io/bbolt (page.go, meta.go, bucket.go). Its numbers have the byte order of the
machine; one that has the other order than here is refused by its first number.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from errno import EAGAIN, EBADMSG
from pathlib import Path
from typing import NamedTuple, TypeVar

_MAGIC, _VERSION = 0xED0CDAED, 2
_BRANCH, _LEAF = 1, 2
_IS_BUCKET = 1
# A page begins with its number, its kind, how many elements it has, and pages it goes on for.
_PAGE = struct.Struct("=QHHI")
# Two pages name a state each: magic, version, size of a page, root, its change, and a checksum.
_STATE = struct.Struct("=16xIII4xQ8x8x8xQQ")
_STATE_BODY = slice(16, _STATE.size - 8)
_BRANCH_ELEMENT = struct.Struct("=IIQ")
_LEAF_ELEMENT = struct.Struct("=IIII")
# A bucket's root page; 0 where the page follows in the bucket's own value.
_BUCKET = struct.Struct("=Q8x")
_PAGE_SIZES = tuple(1 << bits for bits in range(9, 17))
# A walk reads each page once; who asks may walk over the same more than once.
_MOST_WALKS = 4
_MOST_DEPTH = 32
_TRIES = 8

Answer = TypeVar("Answer")


def read_bolt(path: Path, ask: Callable[[Bucket], Answer]) -> Answer:
    """What `ask` makes of the outermost bucket, all of one moment; it may be asked again.

    A change writes pages that the state before it has no use for, and names itself as the newest at
    the end. So a state stands whole for as long as no other is the newest. Raises OSError where the
    file cannot be read, is damaged, or changes faster than it is read.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        for _ in range(_TRIES):
            state = _newest(descriptor)
            left = _MOST_WALKS * os.fstat(descriptor).st_size
            try:
                answer = ask(Bucket(_Pages(descriptor, state.page_bytes, left), state.root))
            except (OSError, struct.error):
                if _newest(descriptor) == state:
                    raise _damaged("a page") from None
                continue
            if _newest(descriptor) == state:
                return answer
    finally:
        os.close(descriptor)
    raise OSError(EAGAIN, "The file changes faster than it is read", str(path))


class Bucket:
    """Keys, each with a value or with a bucket of its own."""

    def __init__(self, pages: _Pages, root: int, inline: bytes = b"") -> None:
        self._pages = pages
        self._root = root
        self._inline = inline

    def items(self) -> Iterator[tuple[bytes, bytes | Bucket]]:
        """All keys in order, and what they lead to; raises OSError or struct.error for damage."""
        page = self._pages.read(self._root) if self._root else self._inline
        yield from self._below(page, _MOST_DEPTH)

    def at(self, *keys: bytes) -> bytes | Bucket | None:
        """What these keys lead to, from bucket to bucket; None where one is not there."""
        here: bytes | Bucket | None = self
        for key in keys:
            if not isinstance(here, Bucket):
                return None
            here = next((value for name, value in here.items() if name == key), None)
        return here

    def _below(self, page: bytes, depth: int) -> Iterator[tuple[bytes, bytes | Bucket]]:
        _, kind, count, _ = _PAGE.unpack_from(page)
        if kind == _BRANCH and depth:
            for index in range(count):
                at = _PAGE.size + index * _BRANCH_ELEMENT.size
                yield from self._below(
                    self._pages.read(_BRANCH_ELEMENT.unpack_from(page, at)[2]), depth - 1
                )
        elif kind == _LEAF:
            for index in range(count):
                yield self._element(page, _PAGE.size + index * _LEAF_ELEMENT.size)
        else:
            raise _damaged("a tree")

    def _element(self, page: bytes, at: int) -> tuple[bytes, bytes | Bucket]:
        flags, offset, key_bytes, value_bytes = _LEAF_ELEMENT.unpack_from(page, at)
        start, end = at + offset, at + offset + key_bytes + value_bytes
        if end > len(page):
            raise _damaged("a key")
        key, value = page[start : start + key_bytes], page[start + key_bytes : end]
        if not flags & _IS_BUCKET:
            return key, value
        (root,) = _BUCKET.unpack_from(value)
        return key, Bucket(self._pages, root, value[_BUCKET.size :])


class _State(NamedTuple):
    """A state that the file names: its root page, and the number of the change that led to it."""

    change: int
    root: int
    page_bytes: int


@dataclass
class _Pages:
    """The pages of an open file, of which so many bytes more may be read."""

    descriptor: int
    page_bytes: int
    left_bytes: int

    def read(self, number: int) -> bytes:
        """A page and those that it goes on for."""
        page = self._read(number, 1)
        own_number, _, _, further = _PAGE.unpack_from(page)
        if own_number != number:
            raise _damaged("a page")
        return page + self._read(number + 1, further) if further else page

    def _read(self, number: int, count: int) -> bytes:
        size_bytes = count * self.page_bytes
        self.left_bytes -= size_bytes
        if self.left_bytes < 0 or number * self.page_bytes >= 1 << 62:
            raise _damaged("a page")
        page = os.pread(self.descriptor, size_bytes, number * self.page_bytes)
        if len(page) < size_bytes:
            raise _damaged("a page")
        return page


def _newest(descriptor: int) -> _State:
    """The newest of the states that the file names; raises OSError where it names none."""
    head = os.pread(descriptor, _PAGE_SIZES[-1] + _STATE.size, 0)
    states = [
        state for start in (0, *_PAGE_SIZES) if (state := _state(head[start : start + _STATE.size]))
    ]
    if not states:
        raise _damaged("the beginning")
    return max(states)


def _state(page: bytes) -> _State | None:
    """The state that a page names; None where it names none, or only half of one."""
    if len(page) < _STATE.size:
        return None
    magic, version, page_bytes, root, change, checksum = _STATE.unpack(page)
    if (magic, version) != (_MAGIC, _VERSION) or page_bytes not in _PAGE_SIZES:
        return None
    return _State(change, root, page_bytes) if checksum == _fnv_1a(page[_STATE_BODY]) else None


def _fnv_1a(data: bytes) -> int:
    """The 64-bit checksum of Fowler, Noll and Vo (1a)."""
    checksum = 0xCBF29CE484222325
    for byte in data:
        checksum = (checksum ^ byte) * 0x100000001B3 % (1 << 64)
    return checksum


def _damaged(what: str) -> OSError:
    return OSError(EBADMSG, f"Damaged in {what}")
