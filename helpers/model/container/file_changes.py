"""What a container's writable layer holds over its image, as `docker diff` lists it."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.model.text.answer_parts import count_in, tables_of, text_in
from helpers.outside import visible_line, visible_repr

_KINDS = {0: "changed", 1: "added", 2: "deleted"}


class FileChanges(tuple[tuple[str, str], ...]):
    """(kind, path) pairs in the order of paths; shown as `docker diff` does, with C, A and D."""

    __slots__ = ()

    def __new__(cls, changes: Iterable[tuple[str, str]] = ()) -> FileChanges:
        """The changes sorted by path."""
        return super().__new__(cls, sorted(changes, key=lambda change: change[1]))

    @classmethod
    def from_answer(cls, answer: object) -> FileChanges:
        """The changes in an answer of the Engine API's /containers/ID/changes."""
        items = tables_of({"changes": answer}, "changes")
        return cls(
            (_KINDS.get(count_in(item, "Kind"), "changed"), text_in(item, "Path")) for item in items
        )

    @visible_repr
    def __repr__(self) -> str:
        lines = [f"{kind[0].upper()} {visible_line(path)}" for kind, path in self]
        return "\n".join(lines) or "no changes"
