"""What one layer holds: its own list of files, before it is laid over others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from helpers.model.layers.file_entry import FileEntry


@dataclass(frozen=True)
class LayerFiles:
    """One layer's files in the order of its archive, and what it takes away from lower layers.

    `whiteouts` are the paths that it removes, `opaque` the directories whose lower content it
    hides ("" is the root), `flagged` what was odd in the archive, in sentences.
    """

    entries: tuple[FileEntry, ...] = ()
    whiteouts: frozenset[str] = frozenset()
    opaque: frozenset[str] = frozenset()
    flagged: tuple[str, ...] = ()

    @cached_property
    def size_bytes(self) -> int:
        """The content of its files in bytes, a hard-linked one once; no tar headers or padding."""
        return sum(entry.size_bytes for entry in {e.path: e for e in self.entries}.values())

    def with_fingerprints(self, fingerprints: Mapping[str, bytes]) -> LayerFiles:
        """The same files with the fingerprints that were worked out since, by path."""
        return replace(
            self,
            entries=tuple(
                entry._replace(fingerprint=fingerprints[entry.path])
                if entry.path in fingerprints
                else entry
                for entry in self.entries
            ),
        )


def with_first_names(entries: Iterable[FileEntry]) -> tuple[FileEntry, ...]:
    """The entries with the content of each hard-linked file under the first of its names.

    Which name an archive gives the content depends on who made it; so all readers agree.
    """
    rows = list(entries)
    groups: dict[str, list[int]] = {}
    for index, entry in enumerate(rows):
        if entry[6] and entry.is_hard_link:
            groups.setdefault(entry.link_target, []).append(index)
    if not groups:
        return tuple(rows)
    bodies = {entry.path: index for index, entry in enumerate(rows) if entry.path in groups}
    for body, names in groups.items():
        if body in bodies and rows[bodies[body]].kind == "file" and not rows[bodies[body]][6]:
            _renamed(rows, bodies[body], names)
    return tuple(rows)


def _renamed(rows: list[FileEntry], body: int, names: list[int]) -> None:
    """Moves the content from the body to the first of all names."""
    held = rows[body]
    first = min([body, *names], key=lambda index: rows[index].path)
    for index in {body, *names}:
        if index == first:
            rows[index] = rows[index]._replace(
                link_target="", size_bytes=held.size_bytes, fingerprint=held.fingerprint
            )
        else:
            rows[index] = rows[index]._replace(
                link_target=rows[first].path, size_bytes=0, fingerprint=b""
            )
