"""What became of a path: the same again, other metadata, or other content."""

from __future__ import annotations

from typing import Literal

from helpers.model.layers.file_entry import FileEntry
from helpers.model.layers.hard_links import Content

Comparison = Literal["modified", "identical", "metadata"]


def compared(before: FileEntry, after: FileEntry, old: Content, new: Content) -> Comparison | None:
    """How an entry differs from the one it hides; None for a directory listed again as it was.

    Times are not compared, so a file that was only touched is identical. A content that nobody
    has looked at counts as another.
    """
    if before.kind != after.kind:
        return "modified"
    if before.kind == "symlink" and before.link_target != after.link_target:
        return "modified"
    if (old.size_bytes, old.fingerprint) != (new.size_bytes, new.fingerprint):
        return "modified"
    if is_unsettled(before, after, old, new):
        return "modified"
    if (before.mode, before.uid, before.gid) != (after.mode, after.uid, after.gid):
        return "metadata"
    return None if before.kind == "directory" else "identical"


def is_unsettled(before: FileEntry, after: FileEntry, old: Content, new: Content) -> bool:
    """Whether only the contents can tell, and one of them was not looked at."""
    return (
        before.kind == after.kind == "file"
        and old.size_bytes == new.size_bytes > 0
        and not (old.fingerprint and new.fingerprint)
    )
