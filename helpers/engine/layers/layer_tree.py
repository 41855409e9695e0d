"""What unpacking a layer leaves in an empty folder, worked out without unpacking anything.

An engine unpacks each layer into a folder of its own, member after member, and what a container
sees comes from there. So a later member replaces an earlier one, a path may lead through a link of
the same layer, and all names of one file have the rights that were set last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from helpers.errors import UnreadableImage
from helpers.model.layers.file_entry import FileEntry
from helpers.model.layers.layer_files import LayerFiles, with_first_names

MOST_STEPS = 20_000_000
_MOST_LINKS = 40  # as Linux has it


@dataclass
class _Inode:
    """One file of several names; its rights are those that were set last."""

    mode: int
    uid: int
    gid: int
    names: dict[str, None] = field(default_factory=dict)


class LayerTree:
    """The files of a layer so far.

    `count` is told the length of each path that is noted without being asked for. Raises
    UnreadableImage where a layer makes its folders anew without end.
    """

    def __init__(self, count: Callable[[int], None] = lambda _: None) -> None:
        self._entries: dict[str, FileEntry] = {}
        self._whiteouts: set[str] = set()
        self._devices: set[str] = set()
        self._opaque: set[str] = set()
        self._hidden: set[str] = set()
        self._inodes: dict[str, _Inode] = {}
        # {a folder as it was spelled: the folder that it leads to}
        self._folders: dict[str, str] = {"": ""}
        self._count = count
        self._steps = 0

    def put(self, entry: FileEntry, is_opaque: bool = False, is_hidden: bool = False) -> None:
        """Adds a file, directory or what else there is, in place of what is there."""
        path = self._led_to(entry.path)
        if path != entry.path:
            entry = entry._replace(path=path)
        if path in self._entries or path in self._folders:
            self._clear(path, for_folder=entry.kind == "directory")
        self._devices.discard(path)
        self._entries[path] = entry
        if is_opaque:
            self._opaque.add(path)
        if is_hidden:
            self._hidden.add(path)

    def link(self, entry: FileEntry) -> bool:
        """Adds a further name of the file at its `link_target`; False where that has none.

        What is not in this layer is taken for a file of one below.
        """
        path, target = self._led_to(entry.path), self._led_to(entry.link_target)
        if target in self._devices:
            self.white_out(path, is_device=True)
            return True
        body = self._entries.get(target)
        if path == target or (body.kind == "directory" if body else target in self._folders):
            return False
        if path in self._entries or path in self._folders:
            self._clear(path, for_folder=False)
        self._devices.discard(path)
        if body is None:
            self._entries[path] = entry._replace(path=path, link_target=target)
            return True
        inode = self._inodes.get(target) or _Inode(body.mode, body.uid, body.gid, {target: None})
        inode.uid, inode.gid = entry.uid, entry.gid
        inode.mode = body.mode if body.kind == "symlink" else entry.mode
        inode.names[path] = None
        self._inodes[target] = self._inodes[path] = inode
        self._entries[path] = body._replace(path=path)
        return True

    def white_out(self, path: str, is_device: bool = False) -> None:
        """Removes a path of the layers below, and nothing of this one.

        So does a device that overlay takes for such a mark; but that takes the path's place in
        this layer, and gives it up again to what comes later.
        """
        path = self._led_to(path)
        if not is_device:
            self._whiteouts.add(path)
            return
        if path in self._entries or path in self._folders:
            self._clear(path, for_folder=False)
        self._devices.add(path)

    def make_opaque(self, folder: str) -> None:
        """Hides what the layers below have in a folder."""
        self._opaque.add(self._folder(folder))

    def files(self, flagged: tuple[str, ...]) -> LayerFiles:
        """The layer's files, as far as they were added."""
        for inode in {id(inode): inode for inode in self._inodes.values()}.values():
            self._settle(inode)
        entries = (self._entries[path] for path in self._entries if path not in self._hidden)
        return LayerFiles(
            with_first_names(entries),
            frozenset(self._whiteouts | self._devices),
            frozenset(self._opaque),
            flagged,
        )

    def _settle(self, inode: _Inode) -> None:
        """Gives all names of a file its rights, and its content to the first of them alone."""
        names = sorted(name for name in inode.names if name not in self._hidden)
        for name in names:
            entry = self._entries[name]._replace(mode=inode.mode, uid=inode.uid, gid=inode.gid)
            if name != names[0] and entry.kind == "file" and not entry.link_target:
                entry = entry._replace(size_bytes=0, fingerprint=b"", link_target=names[0])
            self._entries[name] = entry

    def _clear(self, path: str, for_folder: bool) -> None:
        """Takes away what stands at a path; a folder stays where a folder comes."""
        old = self._entries.get(path)
        is_folder = old.kind == "directory" if old else True
        if is_folder and for_folder:
            return
        self._forget(path)
        if path in self._folders:
            self._step(len(self._entries) + len(self._folders))
            inside = path + "/"
            for gone in [one for one in self._entries if one.startswith(inside)]:
                self._forget(gone)
            self._whiteouts = {one for one in self._whiteouts if not one.startswith(inside)}
            self._devices = {one for one in self._devices if not one.startswith(inside)}
            self._opaque = {one for one in self._opaque if not f"{one}/".startswith(inside)}
            self._folders = {
                spelled: real
                for spelled, real in self._folders.items()
                if not (f"{spelled}/".startswith(inside) or f"{real}/".startswith(inside))
            }

    def _forget(self, path: str) -> None:
        self._entries.pop(path, None)
        self._hidden.discard(path)
        self._opaque.discard(path)
        if inode := self._inodes.pop(path, None):
            del inode.names[path]

    def _led_to(self, path: str) -> str:
        """Where a path leads, by the links of this layer that its folders are."""
        folder, _, name = path.rpartition("/")
        real = self._folder(folder)
        if real == folder:
            return path
        return f"{real}/{name}" if real else name

    def _folder(self, spelled: str) -> str:
        """The folder that one so spelled is; all above it are noted too."""
        if (known := self._folders.get(spelled)) is not None:
            return known
        above, missing = spelled, list[str]()
        while above not in self._folders:
            above, _, name = above.rpartition("/")
            missing.append(name)
        real = self._folders[above]
        for name in reversed(missing):
            above = f"{above}/{name}" if above else name
            real = self._followed(real, name)
            self._note(above, real)
        return real

    def _followed(self, folder: str, name: str) -> str:
        """The folder of that name in a folder, through links."""
        left, links = [name], 0
        while left:
            part = left.pop()
            self._step(1)
            if part == "..":
                folder = folder.rpartition("/")[0]
            elif part not in ("", "."):
                here = f"{folder}/{part}" if folder else part
                entry = self._entries.get(here)
                if entry and entry.kind == "symlink" and links < _MOST_LINKS:
                    links += 1
                    folder = "" if entry.link_target.startswith("/") else folder
                    left += reversed(entry.link_target.split("/"))
                else:
                    self._note(here, here)
                    folder = here
        return folder

    def _note(self, spelled: str, real: str) -> None:
        if spelled not in self._folders:
            self._count(len(spelled))
            self._folders[spelled] = real

    def _step(self, count: int) -> None:
        self._steps += count
        if self._steps > MOST_STEPS:
            raise UnreadableImage(
                "A layer replaces its own folders, or leads through links, without end.",
                "No real image does: it may be a bomb. Get the image from somebody else.",
            )
