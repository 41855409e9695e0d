"""The layers laid so far: what a container would see, and what has been hidden from it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

from helpers.errors import UnreadableImage
from helpers.model.layers.file_comparison import compared, is_unsettled
from helpers.model.layers.file_entry import FileEntry
from helpers.model.layers.hard_links import Content, HardLinks, Link
from helpers.model.layers.image_layers import Change, Waste, WasteKind
from helpers.model.layers.layer_files import LayerFiles

# A thousand layers over a hundred thousand files.
MOST_LOOKED_THROUGH = 100_000_000


class _Hidden(NamedTuple):
    """An entry that a layer hides, its content, and how; None: a directory stays as it was."""

    entry: FileEntry
    content: Content
    kind: WasteKind | None


class LayerStack:
    """The layers laid so far: what a container would see, and which layer each path came from.

    A directory that a layer has something in and does not list keeps the rights that it has below,
    as containerd's store lays layers; or is reset to 0755 of root, as Docker's overlay2 does.
    """

    def __init__(self, *, resets_unlisted: bool = False) -> None:
        self._resets_unlisted = resets_unlisted
        self.tree: dict[str, FileEntry] = {}
        self.waste: list[Waste] = []
        self.flagged: list[str] = []
        self.unsettled: dict[str, set[str]] = {}
        self._brought: dict[int, Mapping[str, FileEntry]] = {}
        self._links = HardLinks()
        self._diff_ids: dict[int, str] = {}
        self._looked_through = 0

    def lay(self, index: int, diff_id: str, listing: LayerFiles) -> tuple[int, tuple[Change, ...]]:
        """The content in the next layer, in bytes, and what that layer changes."""
        self._diff_ids[index] = diff_id
        self.flagged += [f"Layer {index}: {sentence}" for sentence in listing.flagged]
        new = {entry[0]: entry for entry in listing.entries}
        linked = self._links.resolve(new, self.tree)
        shown = self._shown(index, new, linked)
        hidden = self._taken_away(listing)
        self._complete(index, new, listing)
        hidden |= self._replaced(new)
        hides = [self._hiding(index, entry, new, shown) for entry in hidden.values()]
        size_bytes = sum(map(itemgetter(2), new.values()))
        changes = _changes(new, hides)
        self._settle(index, new, hides, linked, shown)
        self.tree |= new
        self._brought[index] = new
        return size_bytes, changes

    def _content(self, entry: FileEntry) -> Content:
        path = entry.path
        layer = next(index for index in reversed(self._brought) if path in self._brought[index])
        return self._links.content(entry, layer)

    def _shown(
        self, index: int, new: Mapping[str, FileEntry], linked: Mapping[str, Link]
    ) -> dict[str, Content]:
        """{name: its content} for the further names among the new entries."""
        shown = {}
        for name, (body, is_below) in linked.items():
            entry = (self.tree if is_below else new)[body]
            if is_below:
                shown[name] = self._content(entry)
            else:
                shown[name] = Content(entry.size_bytes, entry.fingerprint, index, body)
        return shown

    def _taken_away(self, listing: LayerFiles) -> dict[str, FileEntry]:
        """What whiteouts and opaque directories hide, taken out of the tree."""
        paths = {path for path in listing.whiteouts if path in self.tree}
        folders = [path for path in paths if self.tree[path].kind == "directory"]
        paths |= self._below([*folders, *listing.opaque])
        return {path: self.tree.pop(path) for path in paths}

    def _replaced(self, new: Mapping[str, FileEntry]) -> dict[str, FileEntry]:
        """What new entries replace, and what was below a directory that is none any more."""
        clashes = new.keys() & self.tree.keys()
        folders = [
            path
            for path in clashes
            if self.tree[path].kind == "directory" and new[path].kind != "directory"
        ]
        return {path: self.tree.pop(path) for path in clashes | self._below(folders)}

    def _below(self, folders: Sequence[str]) -> set[str]:
        """The paths of the tree below these directories; "" is the root."""
        if not folders:
            return set()
        if "" in folders:
            return set(self.tree)
        self._looked_through += len(self.tree)
        if self._looked_through > MOST_LOOKED_THROUGH:
            raise UnreadableImage(
                "The image's layers take directories away again and again.",
                "No real image does: it may be a bomb. Get the image from somebody else.",
            )
        paths, below = sorted(self.tree), set[str]()
        for folder in folders:
            start = bisect_left(paths, folder + "/")
            below.update(paths[start : bisect_left(paths, folder + "0", start)])
        return below

    def _complete(self, index: int, new: dict[str, FileEntry], listing: LayerFiles) -> None:
        """Adds the parents that the layer does not list; one that is no directory becomes one.

        So do engines for what takes away, where the directory is not taken away as well.
        """
        waiting = {path.rpartition("/")[0] for path in new}.union(_marked(listing, new)) - {""}
        while waiting:
            missing = set()
            for path in waiting:
                known = new.get(path)
                if known is None and not self._resets_unlisted:
                    known = self.tree.get(path)
                if known and known.kind == "directory":
                    continue
                if path in new:
                    self.flagged.append(f"Layer {index}: {path} has files in it, and is none.")
                new[path] = FileEntry(path, "directory")
                missing.add(path.rpartition("/")[0])
            waiting = missing - {""}

    def _hiding(
        self,
        index: int,
        before: FileEntry,
        new: Mapping[str, FileEntry],
        shown: Mapping[str, Content],
    ) -> _Hidden:
        """What the layer does to an entry that it hides."""
        path, old, after = before.path, self._content(before), new.get(before.path)
        if after is None:
            return _Hidden(before, old, "removed")
        now = shown.get(path) or Content(after.size_bytes, after.fingerprint, index, path)
        if is_unsettled(before, after, old, now):
            for content in (old, now):
                paths = self.unsettled.setdefault(self._diff_ids[content.layer], set())
                paths.add(content.path)
        return _Hidden(before, old, compared(before, after, old, now))

    def _settle(
        self,
        index: int,
        new: dict[str, FileEntry],
        hides: Sequence[_Hidden],
        linked: Mapping[str, Link],
        shown: Mapping[str, Content],
    ) -> None:
        """Charges what is hidden, where no other name shows its content; notes the new names."""
        for entry, _, _ in hides:
            self._links.forget(entry.path)
        for name, link in linked.items():
            if link.is_below:
                self._links.add(name, link.body, shown[name])
        for entry, content, kind in hides:
            heirs = self._links.heirs(entry.path)
            if heirs:
                self._pass_on(entry, content, heirs, new)
            elif entry.size_bytes:
                waste = Waste(
                    entry.path, entry.size_bytes, content.layer, index, kind or "modified"
                )
                self.waste.append(waste)
        for name, link in linked.items():
            if not link.is_below:
                self._links.add(name, link.body, shown[name])

    def _pass_on(
        self, entry: FileEntry, content: Content, heirs: set[str], new: dict[str, FileEntry]
    ) -> None:
        """Lets the first of the names that are left hold the content."""
        heir = min(heirs)
        for name in heirs:
            holder = new if name in new else self.tree
            if name == heir:
                holder[name] = holder[name]._replace(
                    size_bytes=entry.size_bytes, fingerprint=entry.fingerprint, link_target=""
                )
                self._links.promote(name, content)
            else:
                holder[name] = holder[name]._replace(link_target=heir)
                self._links.add(name, heir, content)


def _marked(listing: LayerFiles, new: Mapping[str, FileEntry]) -> Iterator[str]:
    """The directories that marks stand in, but for those in what goes itself, or is a file."""
    for folder in {path.rpartition("/")[0] for path in listing.whiteouts}.union(listing.opaque):
        parts = folder.split("/")
        above = {"/".join(parts[:end]) for end in range(1, len(parts) + 1)}
        files = (path in new and new[path].kind != "directory" for path in above)
        if above.isdisjoint(listing.whiteouts) and not any(files):
            yield folder


def _changes(new: Mapping[str, FileEntry], hides: Sequence[_Hidden]) -> tuple[Change, ...]:
    """What is added, in the order of the archive, then what became of what was there."""
    added: Sequence[FileEntry] = tuple(new.values())
    if hides:
        hidden = {entry.path for entry, _, _ in hides}
        added = [entry for entry in added if entry[0] not in hidden]
    rows = zip(map(itemgetter(0), added), repeat("added"), map(itemgetter(2), added), repeat(0))
    changes: tuple[Change, ...] = tuple(map(partial(tuple.__new__, Change), rows))
    return changes + tuple(
        Change(
            entry.path,
            kind,
            new[entry.path].size_bytes if entry.path in new else 0,
            content.size_bytes,
        )
        for entry, content, kind in hides
        if kind
    )
