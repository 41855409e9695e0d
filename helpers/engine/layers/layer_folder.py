"""One layer in an engine's own storage: a directory such as overlay file systems are mounted of."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from helpers.engine.archive.byte_stream import FINGERPRINT_BYTES
from helpers.engine.layers.layer_archive import device_fingerprint
from helpers.model.layers.file_entry import FileEntry, FileKind
from helpers.model.layers.layer_files import LayerFiles, with_first_names

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_FOLLOW
_CAP_SYS_ADMIN = 21
_IS_UTF8 = sys.getfilesystemencoding().lower() == "utf-8"
_UNLISTED = (0o755, 0, 0)
_OPAQUE = ("trusted.overlay.opaque", "user.overlay.opaque")
_KINDS: dict[int, FileKind] = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "directory",
    stat.S_IFLNK: "symlink",
    stat.S_IFCHR: "device",
    stat.S_IFBLK: "device",
    stat.S_IFIFO: "fifo",
}


@dataclass(frozen=True)
class LayerFolder:
    """The directory of one layer, as the upper one of an overlay mount.

    `lower` are those of the layers below, the nearest first, of an engine that gives a directory
    which a layer does not list, and has files in, the rights that it has below. None: another.
    """

    path: Path
    lower: tuple[Path, ...] | None = None

    @property
    def is_readable(self) -> bool:
        """Whether this process may look into it."""
        return os.access(self.path, os.R_OK | os.X_OK)

    def read(self) -> LayerFiles:
        """The layer's files; raises OSError.

        In the order in which the engine would archive them: by name, a directory before what is
        in it. Contents have no fingerprints yet: few are ever asked for. Sockets are left out, as
        the engine leaves them out of archives.
        """
        with _opened(self.path) as root:
            return _Walk(root, self.lower).files()

    def fingerprints(self, paths: Iterable[str]) -> dict[str, bytes]:
        """{path: fingerprint of its content} for these files of the layer; raises OSError."""
        with _opened(self.path) as root:
            return {path: _fingerprint(root, path) for path in paths}

    def content(self, path: str) -> bytes:
        """The bytes of a file that the layer lists; raises OSError."""
        with _opened(self.path) as root:
            descriptor = os.open(os.fsencode(path), os.O_RDONLY | _NO_FOLLOW, dir_fd=root)
            with os.fdopen(descriptor, "rb") as file:
                return file.read()


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, _FLAGS)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


class _Walk:
    """What is listed of one layer's directory so far.

    Directories are opened from the root's descriptor, so that paths may be as long as the system
    allows, and by their own name only: no symlink is ever followed.
    """

    def __init__(self, root: int, lower: Sequence[Path] | None) -> None:
        self._root = root
        self._lower = lower
        self._entries: list[FileEntry] = []
        self._whiteouts: list[str] = []
        self._opaque: list[str] = []
        self._inodes: dict[int, str] = {}
        self._implied: set[str] = set()

    def files(self) -> LayerFiles:
        """The layer's files, each directory's by name."""
        waiting = [iter(self._listed(""))]
        while waiting:
            for entry in waiting[-1]:
                if entry[0] not in self._implied:
                    self._entries.append(entry)
                if entry[1] == "directory":
                    waiting.append(iter(self._listed(entry.path)))
                    break
            else:
                waiting.pop()
        return LayerFiles(
            with_first_names(self._entries), frozenset(self._whiteouts), frozenset(self._opaque)
        )

    def _listed(self, folder: str) -> list[FileEntry]:
        """What is in a directory, by name; its whiteouts and its opaque mark are noted."""
        descriptor = os.open(os.fsencode(folder or "."), _FLAGS, dir_fd=self._root)
        try:
            if _is_opaque(descriptor):
                self._opaque.append(folder)
            prefix = f"{folder}/" if folder else ""
            with os.scandir(descriptor) as items:
                rows = sorted(
                    (_text(item.name), item.stat(follow_symlinks=False)) for item in items
                )
            return [
                entry
                for name, status in rows
                if (entry := self._entry(prefix + name, name, status, descriptor))
            ]
        finally:
            os.close(descriptor)

    def _entry(self, path: str, name: str, status: os.stat_result, folder: int) -> FileEntry | None:
        mode = status.st_mode
        kind = _KINDS.get(stat.S_IFMT(mode))
        size_bytes, link, fingerprint = 0, "", b""
        if kind == "file":
            size_bytes = status.st_size
            if status.st_nlink > 1:
                link = self._inodes.setdefault(status.st_ino, path)
                link, size_bytes = ("", size_bytes) if link == path else (link, 0)
        elif kind == "symlink":
            link = _text(os.readlink(name, dir_fd=folder))
        elif kind == "device":
            is_character = stat.S_ISCHR(mode)
            if is_character and status.st_rdev == 0:
                self._whiteouts.append(path)
                return None
            major, minor = os.major(status.st_rdev), os.minor(status.st_rdev)
            fingerprint = device_fingerprint(is_character, major, minor)
        elif kind is None:
            return None
        elif self._lower is not None and _is_implied(path, status, self._lower):
            self._implied.add(path)
        return FileEntry(
            path, kind, size_bytes, mode & 0o7777, status.st_uid, status.st_gid, link, fingerprint
        )


def may_read_marks() -> bool:
    """Whether this process sees the marks of opaque directories: only with CAP_SYS_ADMIN."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except (OSError, ValueError):
        return False
    effective = re.search(r"^CapEff:\s*([0-9a-f]+)$", status, re.MULTILINE)
    return bool(effective and int(effective[1], 16) >> _CAP_SYS_ADMIN & 1)


def _is_implied(path: str, status: os.stat_result, lower: Sequence[Path]) -> bool:
    """Whether the engine made this directory for what is in it, with the rights that it has below.

    What a layer lists gets its time at the end; what it does not has that of its last new name.
    Source: github.com/containerd/containerd (archive/tar.go, mkparent).
    """
    if status.st_mtime_ns != status.st_ctime_ns:
        return False
    expected = _UNLISTED
    for folder in lower:
        with suppress(OSError):
            below = os.lstat(folder / path)
            expected = _rights(below) if stat.S_ISDIR(below.st_mode) else _UNLISTED
            break
    return _rights(status) == expected


def _rights(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_mode & 0o7777, status.st_uid, status.st_gid


def _is_opaque(folder: int) -> bool:
    for name in _OPAQUE:
        with suppress(OSError):
            return os.getxattr(folder, name) == b"y"
    return False


def _fingerprint(root: int, path: str) -> bytes:
    descriptor = os.open(os.fsencode(path), os.O_RDONLY | _NO_FOLLOW, dir_fd=root)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        return file_digest(file, "sha256").digest()[:FINGERPRINT_BYTES]


def _text(name: str) -> str:
    """A name as UTF-8, whatever the locale of this process makes of names."""
    return name if _IS_UTF8 else os.fsencode(name).decode("utf-8", "surrogateescape")
