"""Layers laid over each other, lowest first, as the OCI image specification's layer.md says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpers.errors import InvalidInput, UnreadableImage
from helpers.model.image.history import HistoryEntry, aligned
from helpers.model.layers.image_layers import ImageLayers, Layer
from helpers.model.layers.layer_files import LayerFiles
from helpers.model.layers.layer_stack import LayerStack

# Images name small layers twice, and never large ones many times.
_MOST_REPEATED = 1_000_000


def replay(
    history: Sequence[HistoryEntry],
    diff_ids: Sequence[str],
    listings: Mapping[str, LayerFiles],
    name: str = "",
    *,
    resets_unlisted: bool = False,
) -> ImageLayers:
    """The image that these layers make; `listings` holds each layer's files by its diff-id.

    `resets_unlisted` is LayerStack's, for an engine that does so. Raises InvalidInput where a layer
    has no listing, UnreadableImage where the same ones are laid again and again.
    """
    if missing := [diff_id for diff_id in diff_ids if diff_id not in listings]:
        raise InvalidInput(f"The files of layer {missing[0]} are not known.", "Read it first.")
    _check_repeats(diff_ids, listings)
    stack, layers = LayerStack(resets_unlisted=resets_unlisted), list[Layer]()
    for index, (step, diff_id) in enumerate(aligned(history, diff_ids)):
        size_bytes, changes = stack.lay(index, diff_id, listings[diff_id]) if diff_id else (0, ())
        layers.append(
            Layer(
                index, step.instruction, step.created_by, diff_id, size_bytes, not diff_id, changes
            )
        )
    waste = tuple(sorted(stack.waste, key=lambda waste: (-waste.size_bytes, waste.path)))
    unsettled = {diff_id: frozenset(paths) for diff_id, paths in stack.unsettled.items()}
    return ImageLayers(name, tuple(layers), stack.tree, waste, tuple(stack.flagged), unsettled)


def _check_repeats(diff_ids: Sequence[str], listings: Mapping[str, LayerFiles]) -> None:
    sizes = {one: len(listings[one].entries) + len(listings[one].whiteouts) for one in diff_ids}
    laid = sum(sizes[one] + 1 for one in diff_ids)
    if laid > _MOST_REPEATED + 2 * sum(sizes.values()):
        raise UnreadableImage(
            f"The image lays the same layers over each other again and again: {laid:,} files.",
            "No real image does: it may be a bomb. Get the image from somebody else.",
        )
