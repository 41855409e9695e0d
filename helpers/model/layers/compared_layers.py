"""The layers of two images side by side: what they share, and what each has of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpers.model.layers.image_layers import Layer


@dataclass(frozen=True)
class ComparedLayers:
    """Rows of (layer of the one, layer of the other), in order; one of them may be None.

    A shared layer is on the disk once. Empty history entries are left out: they are no layers.
    """

    rows: tuple[tuple[Layer | None, Layer | None], ...]

    @property
    def shared(self) -> tuple[Layer, ...]:
        """The layers that both have."""
        return tuple(mine for mine, theirs in self.rows if mine and theirs)

    @property
    def shared_bytes(self) -> int:
        """What the shared layers take, once."""
        return sum(layer.size_bytes for layer in self.shared)

    @property
    def own_bytes(self) -> tuple[int, int]:
        """What each has for itself alone."""
        mine = sum(row[0].size_bytes for row in self.rows if row[0] and not row[1])
        theirs = sum(row[1].size_bytes for row in self.rows if row[1] and not row[0])
        return mine, theirs


def compare_layers(mine: Sequence[Layer], theirs: Sequence[Layer]) -> ComparedLayers:
    """The layers of both, the lowest first: those that both stand on, then each one's own.

    As `ImageLayers.shared_with`: a layer counts only where all below it are the same too. It needs
    no file to be read.
    """
    left, right = _real(mine), _real(theirs)
    same = 0
    while same < min(len(left), len(right)) and left[same].diff_id == right[same].diff_id:
        same += 1
    return ComparedLayers(
        (
            *zip(left[:same], right[:same], strict=True),
            *((layer, None) for layer in left[same:]),
            *((None, layer) for layer in right[same:]),
        )
    )


def _real(layers: Sequence[Layer]) -> list[Layer]:
    return [layer for layer in layers if not layer.is_empty]
