"""Paths of the members of an archive as they are meant."""

from __future__ import annotations

# Linux's PATH_MAX: no program can open a longer one.
MOST_PATH_BYTES = 4096


def cleaned(name: bytes) -> bytes | None:
    """The path from the root, "" for the root itself; None where it climbs out or cannot be."""
    parts = [part for part in name.split(b"/") if part not in (b"", b".")]
    path = b"/".join(parts)
    if b".." in parts or b"\0" in name or len(path) >= MOST_PATH_BYTES:
        return None
    return path


def text_of(path: bytes) -> str:
    """The path as text; bytes that are not UTF-8 become surrogate escapes."""
    return path.decode("utf-8", "surrogateescape")
