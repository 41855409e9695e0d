"""What the layer explorer's page shows beside the files: layers, totals, waste, what is shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from helpers.model.layers.compared_layers import ComparedLayers
from helpers.model.layers.image_layers import ImageLayers, Layer
from helpers.model.layers.layer_progress import LayerProgress
from helpers.model.layers.waste_ledger import WasteGroup
from helpers.model.text.units import counted, format_bytes
from helpers.views.kit.printable import shown
from helpers.views.layers.explorer_words import SIGNS, files_of, instruction_of, mend


def layer_row(layer: Layer, hidden_bytes: int, progress: LayerProgress | None) -> dict[str, Any]:
    """One step of the history; `read` is how far its files are read, 0..1, None where unknown."""
    words = format_bytes(hidden_bytes)
    return {
        "index": layer.index,
        "instruction": instruction_of(layer),
        "empty": layer.is_empty,
        "bytes": layer.size_bytes,
        "hidden": hidden_bytes,
        "size": "0 B" if layer.is_empty else format_bytes(layer.size_bytes),
        "note": f"{words} hidden later" if hidden_bytes else "",
        "read": _part(progress),
    }


def headline(name: str, layers: Sequence[Layer]) -> str:
    """The image in one sentence, from its metadata."""
    real = [layer for layer in layers if not layer.is_empty]
    size = format_bytes(sum(layer.size_bytes for layer in real))
    empty = len(layers) - len(real)
    more = f", and {counted(empty, 'step')} that changed no file" if empty else ""
    return f"{shown(name)}: {size} in {counted(len(real), 'layer')}{more}"


def verdict(image: ImageLayers) -> str:
    """What of it is of use, in one sentence."""
    if not image.wasted_bytes:
        return (
            f"Its layers hold {format_bytes(image.all_bytes)} of file content, "
            "and none of it is hidden by a later layer."
        )
    return (
        f"Its layers hold {format_bytes(image.all_bytes)} of file content. A container sees "
        f"{format_bytes(image.live_bytes)} of it, {_percent(image.efficiency)}; "
        f"{format_bytes(image.wasted_bytes)} are hidden by later layers, and still there."
    )


def progress_line(layers: Sequence[Layer], progress: Mapping[str, LayerProgress]) -> str:
    """How far the reading is, in words."""
    if (whole := progress.get("")) is not None:
        of = f" of {format_bytes(whole.total_bytes)}" if whole.total_bytes else ""
        return f"Reading the files: {format_bytes(whole.done_bytes)}{of}"
    wanted = {layer.diff_id for layer in layers if not layer.is_empty}
    done = sum(progress[diff_id].finished for diff_id in wanted & progress.keys())
    return f"Reading the files: {done} of {counted(len(wanted), 'layer')}"


def group_row(group: WasteGroup, layers: Sequence[Layer]) -> dict[str, Any]:
    """One entry of the waste ledger: how much, of what, by whom, and what to change."""
    steps = {layer.index: layer for layer in layers}
    added, killed = steps[group.added_by], steps[group.killed_by]
    return {
        "bytes": group.size_bytes,
        "size": format_bytes(group.size_bytes),
        "kind": group.kind,
        "sign": SIGNS[group.kind],
        "files": files_of(group),
        "count": len(group.wastes),
        "added": added.index,
        "killed": killed.index,
        "added_line": instruction_of(added),
        "killed_line": instruction_of(killed),
        "mend": mend(group.kind, added.instruction),
    }


def ledger_line(groups: Sequence[WasteGroup]) -> str:
    """The sum of the ledger, and how to read it."""
    size = format_bytes(sum(group.size_bytes for group in groups))
    return f"{size} in all. Each entry names the instruction to change, the costliest first."


def shared_part(compared: ComparedLayers, name: str, other: str) -> dict[str, Any]:
    """Two images side by side, and what both of them take on the disk together."""
    own, others = compared.own_bytes
    parts = (("both", compared.shared_bytes), ("mine", own), ("theirs", others))
    return {
        "names": [shown(name), shown(other)],
        "line": shared_line(compared, name, other),
        "parts": [{"of": of, "bytes": count, "size": format_bytes(count)} for of, count in parts],
        "rows": [
            {
                "instruction": instruction_of(layer),
                "size": format_bytes(layer.size_bytes),
                "bytes": layer.size_bytes,
                "in": [mine is not None, theirs is not None],
            }
            for mine, theirs in compared.rows
            if (layer := mine or theirs) is not None
        ],
    }


def shared_line(compared: ComparedLayers, name: str, other: str) -> str:
    """What two images share, and what they take together, in one sentence."""
    shared, both = compared.shared_bytes, sum(compared.own_bytes) + compared.shared_bytes
    return (
        f"{shown(name)} and {shown(other)} share {counted(len(compared.shared), 'layer')}, "
        f"{format_bytes(shared)} in all. One by one they are {format_bytes(both + shared)}; "
        f"on the disk they take {format_bytes(both)}."
    )


def _part(progress: LayerProgress | None) -> float | None:
    if progress is None:
        return None
    if progress.finished:
        return 1.0
    return progress.done_bytes / progress.total_bytes if progress.total_bytes else 0.0


def _percent(share: float) -> str:
    """'87 %'; never 100 % where something is missing."""
    return f"{min(share, 0.999) * 100:.3g} %"
