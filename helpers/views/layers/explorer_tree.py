"""All files of an image and all changes of its layers, packed for the browser.

JSON, gzipped, in columns, so that 60,000 files are about half a megabyte. A path is a number
here: `names[n]` is its last part and `parents[n]` the number of its folder, always smaller than n;
0 is the root. Lists called `node` hold the steps from one number to the next, which are mostly 1.
Kinds of change are places in `KINDS`, and a file of no known layer has layer -1. A final file has
the size that its layer stores for it, unless `size` says otherwise.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence

from helpers.model.layers.file_entry import FileEntry
from helpers.model.layers.image_layers import Change, ImageLayers
from helpers.model.layers.waste_ledger import WasteGroup
from helpers.views.kit.printable import shown
from helpers.views.layers.explorer_words import KINDS

_KIND = {kind: index for index, (kind, _, _) in enumerate(KINDS)}
_TYPES = ("file", "directory", "symlink", "device", "fifo", "other")
_TYPE = {kind: index for index, kind in enumerate(_TYPES)}


class PathNumbers:
    """Numbers for paths, in which a folder comes before what is in it."""

    def __init__(self) -> None:
        self.names = [""]
        self.parents = [-1]
        self._known = {"": 0}

    def __getitem__(self, path: str) -> int:
        missing: list[str] = []
        while path not in self._known:
            missing.append(path)
            path = path.rpartition("/")[0]
        number = self._known[path]
        for path in reversed(missing):
            self.names.append(shown(path.rpartition("/")[2]))
            self.parents.append(number)
            number = self._known[path] = len(self.names) - 1
        return number


def packed_tree(image: ImageLayers, groups: Sequence[WasteGroup]) -> bytes:
    """The image's files and changes, and for each waste its group, as gzipped JSON."""
    numbers = PathNumbers()
    layers = [_changes(layer.changes, numbers) for layer in image.layers]
    final = _final(image, numbers)
    waste = [
        {
            "node": _steps([numbers[waste.path] for waste in group.wastes]),
            "size": [waste.size_bytes for waste in group.wastes],
        }
        for group in groups
    ]
    tree = {
        "names": numbers.names,
        "parents": numbers.parents,
        "layers": layers,
        "final": final,
        "waste": waste,
    }
    return gzip.compress(json.dumps(tree, separators=(",", ":")).encode(), 5, mtime=0)


def _changes(changes: Sequence[Change], numbers: PathNumbers) -> dict[str, list[int]]:
    return {
        "node": _steps([numbers[change.path] for change in changes]),
        "kind": [_KIND[change.kind] for change in changes],
        "size": [change.size_bytes for change in changes],
        "hides": [0 if change.kind == "added" else change.previous_bytes for change in changes],
    }


def _final(image: ImageLayers, numbers: PathNumbers) -> dict[str, object]:
    """Columns of the merged tree; `size` and `link` are {number: value}."""
    source = _sources(image)
    files = image.files()
    entries: list[FileEntry] = list(files.values())
    nodes = [numbers[path] for path in files]
    from_where = [source.get(path, (-1, 0, -1)) for path in files]
    return {
        "node": _steps(nodes),
        "type": [_TYPE.get(entry.kind, len(_TYPES) - 1) for entry in entries],
        "size": {
            node: entry.size_bytes
            for node, entry, (_, _, stored) in zip(nodes, entries, from_where, strict=True)
            if entry.size_bytes != stored
        },
        "mode": [entry.mode for entry in entries],
        "owner": [f"{entry.uid}:{entry.gid}" for entry in entries],
        "layer": [layer for layer, _, _ in from_where],
        "kind": [kind for _, kind, _ in from_where],
        "link": {
            node: shown(entry.link_target)
            for node, entry in zip(nodes, entries, strict=True)
            if entry.link_target
        },
    }


def _sources(image: ImageLayers) -> dict[str, tuple[int, int, int]]:
    """{path: (index of the layer that has the last word on it, kind of that change, its bytes)}."""
    return {
        change.path: (layer.index, _KIND[change.kind], change.size_bytes)
        for layer in image.layers
        for change in layer.changes
        if change.kind != "removed"
    }


def _steps(numbers: Sequence[int]) -> list[int]:
    """The first number, then the step from each to the next."""
    return [number - before for before, number in zip((0, *numbers), numbers, strict=False)]
