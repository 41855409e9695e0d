"""What a container's writable layer holds over its image, as `docker diff` lists it."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.outside import visible_line, visible_repr

DIFF_KINDS = {0: "changed", 1: "added", 2: "deleted"}


class FileChanges(tuple[tuple[str, str], ...]):
    """(kind, path) pairs in the order of paths; shown as `docker diff` does, with C, A and D."""

    __slots__ = ()

    def __new__(cls, changes: Iterable[tuple[str, str]] = ()) -> FileChanges:
        """The changes sorted by path."""
        return super().__new__(cls, sorted(changes, key=lambda change: change[1]))

    @visible_repr
    def __repr__(self) -> str:
        lines = [f"{kind[0].upper()} {visible_line(path)}" for kind, path in self]
        return "\n".join(lines) or "no changes"
