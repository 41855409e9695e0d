"""Paths of the members of an archive as they are meant."""

from __future__ import annotations

# Linux's PATH_MAX: no program can open a longer one.
MOST_PATH_BYTES = 4096


def cleaned(name: bytes) -> bytes | None:
    """The path from the root, "" for the root itself; None where it climbs out or cannot be.

    ".." takes back what stands before it, by the letters alone, and at the root nothing: so does
    Docker before it makes a file.
    """
    parts = [part for part in name.split(b"/") if part not in (b"", b".")]
    if b".." in parts:
        kept = list[bytes]()
        for part in parts:
            if part != b"..":
                kept.append(part)
            elif kept:
                kept.pop()
            elif not name.startswith(b"/"):
                return None
        parts = kept
    path = b"/".join(parts)
    return None if b"\0" in name or len(path) >= MOST_PATH_BYTES else path


def text_of(path: bytes) -> str:
    """The path as text; bytes that are not UTF-8 become surrogate escapes."""
    return path.decode("utf-8", "surrogateescape")
