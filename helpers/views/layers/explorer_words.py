"""What the layer explorer says."""

from __future__ import annotations

from helpers.model.layers.image_layers import Layer
from helpers.model.layers.waste_ledger import WasteGroup
from helpers.model.text.units import counted
from helpers.views.kit.printable import shown

# (kind, sign, word): the sign says what a colour says, for whoever does not tell them apart.
KINDS = (
    ("added", "+", "added"),
    ("modified", "~", "modified"),
    ("identical", "=", "same content again"),
    ("metadata", "*", "only mode or owner"),
    ("removed", "−", "removed"),
)
SIGNS = {kind: f"{sign} {word}" for kind, sign, word in KINDS}
NO_INSTRUCTION = "(no instruction was recorded)"

WORDS = {
    "layers": "Layers, the lowest first",
    "final": "All layers: the files that a container sees",
    "empty": "no layer: it only changes the image's settings",
    "tab.files": "Files",
    "tab.map": "Map",
    "tab.waste": "Waste",
    "tab.shared": "Shared layers",
    "filter": "Filter by name",
    "clear": "Show all",
    "minimum": "at least",
    "any": "any size",
    "sort": "order",
    "sort.size": "largest first",
    "sort.name": "by name",
    "kinds": "Kind of change",
    "col.name": "name",
    "col.kind": "change",
    "col.adds": "brings",
    "col.hides": "hides",
    "col.mode": "mode",
    "col.layer": "from",
    "col.size": "size",
    "tree": "Files as a tree. Arrow keys move, open and close",
    "files": "{count} files",
    "file": "1 file",
    "nothing": "Nothing here fits the filter.",
    "no.changes": "This instruction changed no file.",
    "waiting": "The files come as soon as they are read.",
    "pick": "Choose a file to see which instruction brought it.",
    "link": "points to {target}",
    "history": "#{number}  {kind}, {size}:  {instruction}",
    "owner": "owner {uid}:{gid}",
    "map": "Each box is as large as its bytes. Enter opens a folder, Escape goes up",
    "up": "↑ up",
    "others": "{count} smaller",
    "root": "/",
    "waste.none": "Nothing is wasted: no layer hides a byte of a lower one.",
    "waste.added": "brought by",
    "waste.killed": "hidden by",
    "waste.paths": "Show the files",
    "waste.hide": "Put them away",
    "waste.more": "Show {count} more",
    "waste.mend": "To change:",
    "again": "Try again",
    "reading": "reading",
    "shared.both": "in both, on the disk once",
    "shared.one": "only in {name}",
    "shared.layer": "layer",
    "yes": "● yes",
    "no": "○ no",
}

_MENDS = {
    "removed": "bring it and delete it in one instruction, joined with `&&`, or never bring it.",
    "modified": "write it once, in its last form.",
    "identical": "it is brought twice with the same content; drop one of the two.",
    "metadata": "set mode and owner in the instruction that brings it.",
}
_COPY_MENDS = {
    "removed": "do not copy it: leave it out by name, or with `.dockerignore`.",
    "metadata": "set them while copying, with `COPY --chmod` or `--chown`.",
}


def mend(kind: str, added: str) -> str:
    """What to do about waste of that kind, where `added` is the instruction that brought it."""
    copies = added.partition(" ")[0].upper() in ("COPY", "ADD")
    return (copies and _COPY_MENDS.get(kind)) or _MENDS[kind]


def instruction_of(layer: Layer, longest: int = 0) -> str:
    """The layer's instruction in one line; shortened where it is longer than that."""
    return shown(" ".join(layer.instruction.split()) or NO_INSTRUCTION, longest)


def shown_path(path: str, longest: int = 100) -> str:
    """The path from the root on; of a very long one both ends."""
    whole = f"/{shown(path)}"
    half = longest // 2
    return whole if len(whole) <= longest else f"{whole[:half]}…{whole[-half:]}"


def files_of(group: WasteGroup, longest: int = 100) -> str:
    """The largest file of the waste, and how many more there are."""
    largest, more = shown_path(group.largest.path, longest), len(group.wastes) - 1
    return f"{largest} and {counted(more, 'more', 'more')}" if more else largest
