"""An image as the sum of its layers: what each brought, what a later one hid, what that costs.

Every size here counts the content of files, a hard-linked file once. `docker history` adds the
length of what each symlink says, and an engine with the containerd store counts whole blocks of
the disk. It is not the size of an archive (headers, padding) nor of a download (compressed).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

from helpers.model.layers.file_entry import FileEntry
from helpers.model.text.units import format_bytes
from helpers.outside import visible_repr

ChangeKind = Literal["added", "modified", "identical", "metadata", "removed"]
WasteKind = Literal["removed", "modified", "identical", "metadata"]


class Change(NamedTuple):
    """What a layer did to one path.

    `size_bytes` is the content that the layer stores for it, `previous_bytes` the content that
    the path had in the layers below. identical: the same content and metadata again; metadata:
    the same content with another mode or owner. Both cost the whole file.
    """

    path: str
    kind: ChangeKind
    size_bytes: int = 0
    previous_bytes: int = 0


@dataclass(frozen=True)
class Layer:
    """One step of an image's history and what it brought.

    `index` counts all steps from the lowest, 0, those without a layer too: is_empty, diff_id "".
    `size_bytes` is the content of the layer's files, or before they are read the engine's figure.
    """

    index: int
    instruction: str
    created_by: str = ""
    diff_id: str = ""
    size_bytes: int = 0
    is_empty: bool = False
    changes: tuple[Change, ...] = field(default=(), repr=False)


class Waste(NamedTuple):
    """Content that is stored and never seen: layer `added_by` brought it, `killed_by` hid it."""

    path: str
    size_bytes: int
    added_by: int
    killed_by: int
    kind: WasteKind


class Shared(NamedTuple):
    """The layers that two images have in common, lowest first, and the content they hold."""

    layers: tuple[str, ...]
    size_bytes: int


@dataclass(frozen=True)
class ImageLayers:
    """An image's layers, its files as a container sees them, and its waste.

    `unsettled` are files, by the diff-id of their layer, whose content would have to be read to
    tell modified from identical; until then they count as modified.
    """

    name: str
    layers: tuple[Layer, ...]
    tree: Mapping[str, FileEntry] = field(repr=False)
    waste: tuple[Waste, ...] = field(repr=False)
    flagged: tuple[str, ...] = ()
    unsettled: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    @visible_repr
    def __repr__(self) -> str:
        count = sum(not layer.is_empty for layer in self.layers)
        wasted = format_bytes(self.wasted_bytes)
        return f"{self.name or 'image'}: {count} layers, {len(self.tree)} files, {wasted} wasted"

    def files(self) -> Mapping[str, FileEntry]:
        """The files that a container of it sees, by path."""
        return MappingProxyType(dict(self.tree))

    def wasted(self) -> tuple[Waste, ...]:
        """Every file that a later layer hides, the largest first."""
        return self.waste

    @cached_property
    def wasted_bytes(self) -> int:
        """The content that later layers hide, in bytes."""
        return sum(waste.size_bytes for waste in self.waste)

    @cached_property
    def all_bytes(self) -> int:
        """The content of all layers, in bytes: live and wasted."""
        return sum(layer.size_bytes for layer in self.layers)

    @property
    def live_bytes(self) -> int:
        """The content that a container sees, in bytes."""
        return self.all_bytes - self.wasted_bytes

    @property
    def efficiency(self) -> float:
        """live_bytes / all_bytes, 0..1; 1.0 for an image with no content."""
        return self.live_bytes / self.all_bytes if self.all_bytes else 1.0

    def shared_with(self, other: ImageLayers) -> Shared:
        """The layers that both stand on, from the lowest up: an engine stores them once.

        A layer counts only where all below it are the same too, since that is how engines keep
        layers; a registry keeps equal layers once wherever they stand.
        """
        shared: list[str] = []
        size_bytes = 0
        for mine, theirs in zip(self._real(), other._real(), strict=False):
            if mine.diff_id != theirs.diff_id:
                break
            shared.append(mine.diff_id)
            size_bytes += mine.size_bytes
        return Shared(tuple(shared), size_bytes)

    def _real(self) -> list[Layer]:
        return [layer for layer in self.layers if not layer.is_empty]
