"""BoltDB files made page by page, as bbolt's page.go and bucket.go have them; broken ones too."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PAGE_BYTES = 4096
Tree = Mapping[bytes, Any]


def fnv_1a(data: bytes) -> int:
    checksum = 14695981039346656037
    for byte in data:
        checksum ^= byte
        checksum = checksum * 1099511628211 & (2**64 - 1)
    return checksum


def state(number: int, root: int, change: int, page_bytes: int = PAGE_BYTES) -> bytes:
    """One of the two pages at the beginning, which name a state each."""
    body = struct.pack("<IIIIQQQQQ", 0xED0CDAED, 2, page_bytes, 0, root, 0, 2, 99, change)
    page = struct.pack("<QHHI", number, 4, 0, 0) + body + struct.pack("<Q", fnv_1a(body))
    return page.ljust(page_bytes, b"\0")


@dataclass
class BoltWriter:
    """Pages so far; `file` makes of a tree the bytes of a file with its state as the newest."""

    page_bytes: int = PAGE_BYTES
    most_elements: int = 50
    inline_bytes: int = 256
    pages: dict[int, bytes] = field(default_factory=dict)
    next: int = 3

    def file(self, tree: Tree, change: int = 7) -> bytes:
        root = self.bucket(tree)
        return self.whole([state(change % 2, root, change, self.page_bytes)])

    def whole(self, states: list[bytes]) -> bytes:
        """The file with these states, each where its number says."""
        made = bytearray(self.next * self.page_bytes)
        for page in states:
            number = struct.unpack_from("<Q", page)[0]
            made[number * self.page_bytes : (number + 1) * self.page_bytes] = page
        for number, page in self.pages.items():
            made[number * self.page_bytes : number * self.page_bytes + len(page)] = page
        return bytes(made)

    def bucket(self, tree: Tree) -> int:
        """The root page of a bucket; all its pages are added."""
        rows = [self.row(key, tree[key]) for key in sorted(tree)]
        parts = [
            rows[start : start + self.most_elements]
            for start in range(0, len(rows), self.most_elements)
        ] or [[]]
        numbers = [(part[0][1] if part else b"", self.added(leaf(part))) for part in parts]
        while len(numbers) > 1:
            numbers = [
                (numbers[start][0], self.added(branch(numbers[start : start + 3])))
                for start in range(0, len(numbers), 3)
            ]
        return numbers[0][1]

    def row(self, key: bytes, value: Any) -> tuple[int, bytes, bytes]:
        """Flags, key and value of an element: a small bucket of plain values stands in its row."""
        if isinstance(value, bytes):
            return 0, key, value
        if all(isinstance(one, bytes) for one in value.values()):
            page = struct.pack("<Q", 0) + leaf([(0, name, value[name]) for name in sorted(value)])
            if len(page) <= self.inline_bytes:
                return 1, key, struct.pack("<QQ", 0, 0) + page
        return 1, key, struct.pack("<QQ", self.bucket(value), 0)

    def added(self, body: bytes) -> int:
        """The number of a page with that body, which may need further pages."""
        number, size = self.next, len(body) + 8
        further = max(0, -(-(size) // self.page_bytes) - 1)
        head = struct.pack("<Q", number) + body[:4] + struct.pack("<I", further)
        self.pages[number] = head + body[8:]
        self.next += 1 + further
        return number


def leaf(rows: list[tuple[int, bytes, bytes]]) -> bytes:
    """A page of keys, without its number."""
    head = struct.pack("<HHI", 2, len(rows), 0)
    at, elements, bodies = 16 * len(rows), b"", b""
    for index, (flags, key, value) in enumerate(rows):
        offset = at - 16 * index + len(bodies)
        elements += struct.pack("<IIII", flags, offset, len(key), len(value))
        bodies += key + value
    return head + elements + bodies


def branch(numbers: list[tuple[bytes, int]]) -> bytes:
    """A page that leads to others, without its number."""
    head = struct.pack("<HHI", 1, len(numbers), 0)
    at, elements, bodies = 16 * len(numbers), b"", b""
    for index, (key, number) in enumerate(numbers):
        offset = at - 16 * index + len(bodies)
        elements += struct.pack("<IIQ", offset, len(key), number)
        bodies += key
    return head + elements + bodies
