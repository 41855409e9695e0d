"""Wasted bytes by what an author can change: the instruction that added, the one that hid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from helpers.model.layers.image_layers import Waste


@dataclass(frozen=True)
class WasteGroup:
    """All that one instruction added and a later one hid, in one way; the largest first.

    `added_by` and `killed_by` are the indexes of layers, `kind` is that of Waste.
    """

    added_by: int
    killed_by: int
    kind: str
    wastes: tuple[Waste, ...]

    @property
    def size_bytes(self) -> int:
        """The bytes that stay in the image and are never seen."""
        return sum(waste.size_bytes for waste in self.wastes)

    @property
    def largest(self) -> Waste:
        """What costs most of it."""
        return self.wastes[0]


def waste_ledger(wasted: Iterable[Waste]) -> tuple[WasteGroup, ...]:
    """The groups, the most costly first; what costs nothing is left out."""
    groups: dict[tuple[int, int, str], list[Waste]] = {}
    for waste in wasted:
        if waste.size_bytes:
            key = (waste.added_by, waste.killed_by, waste.kind)
            groups.setdefault(key, []).append(waste)
    made = [
        WasteGroup(*key, tuple(sorted(wastes, key=lambda waste: (-waste.size_bytes, waste.path))))
        for key, wastes in groups.items()
    ]
    return tuple(sorted(made, key=lambda group: (-group.size_bytes, group.added_by, group.kind)))


def wasted_by_layer(wasted: Iterable[Waste]) -> dict[int, int]:
    """{index of a layer: bytes of it that later layers hide}."""
    hidden: dict[int, int] = {}
    for waste in wasted:
        hidden[waste.added_by] = hidden.get(waste.added_by, 0) + waste.size_bytes
    return hidden
