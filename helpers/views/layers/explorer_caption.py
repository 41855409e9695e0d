"""The layer explorer for whoever reads with no kernel: the same facts as text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.model.layers.compared_layers import ComparedLayers
from helpers.model.layers.image_layers import Layer
from helpers.model.layers.waste_ledger import WasteGroup
from helpers.model.text.units import format_bytes
from helpers.views.kit.page import Page, table
from helpers.views.kit.printable import shown
from helpers.views.layers.explorer_words import SIGNS, files_of, instruction_of, mend

LONGEST = 76
SHOWN_GROUPS = 12


def layers_page(layers: Sequence[Layer], hidden: dict[int, int]) -> Page:
    """Each step with its size, what later layers hide of it, and its instruction."""
    rows = [
        (
            f"#{layer.index + 1}",
            "no layer" if layer.is_empty else format_bytes(layer.size_bytes),
            format_bytes(hidden[layer.index]) if hidden.get(layer.index) else "–",
            instruction_of(layer, LONGEST),
        )
        for layer in layers
    ]
    return table(("step", "size", "hidden later", "instruction"), rows)


def waste_page(groups: Sequence[WasteGroup], layers: Sequence[Layer]) -> Page:
    """The waste ledger; its last line is the sum of all, shown or not."""
    steps = {layer.index: layer for layer in layers}
    rows = [
        (
            files_of(group, 60),
            format_bytes(group.size_bytes),
            SIGNS[group.kind],
            f"#{group.added_by + 1} {instruction_of(steps[group.added_by], 40)}",
            f"#{group.killed_by + 1} {instruction_of(steps[group.killed_by], 40)}",
            mend(group.kind, steps[group.added_by].instruction).replace("`", ""),
        )
        for group in groups[:SHOWN_GROUPS]
    ]
    rest = groups[SHOWN_GROUPS:]
    if rest:
        size = format_bytes(sum(group.size_bytes for group in rest))
        rows.append((f"{len(rest)} more of the kind", size, "", "", "", ""))
    size = format_bytes(sum(group.size_bytes for group in groups))
    rows.append(("all of it", size, "", "", "", ""))
    headers = ("wasted", "bytes", "how", "brought by", "hidden by", "to change")
    return table(headers, rows)


def shared_page(compared: ComparedLayers, name: str, other: str) -> Page:
    """The layers of two images, and which of them has each."""
    rows = [
        (
            instruction_of(layer, LONGEST),
            format_bytes(layer.size_bytes),
            "yes" if mine else "no",
            "yes" if theirs else "no",
        )
        for mine, theirs in compared.rows
        if (layer := mine or theirs) is not None
    ]
    return table(("layer", "size", f"in {shown(name)}", f"in {shown(other)}"), rows)
