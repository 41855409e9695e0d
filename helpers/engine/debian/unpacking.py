"""The files of packages written into a new folder, as /usr of a system whose folders are merged.

No link stands there before all files are written, so nothing can be written through one: links are
made at the end. Owners, dates, setuid bits and everything outside of /usr are left out.
"""

from __future__ import annotations

import lzma
import os
import re
import tarfile
import threading
import zlib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO

from helpers.engine.archive.member_path import cleaned, text_of
from helpers.engine.base.disk_answers import disk_words
from helpers.engine.debian.deb_file import LimitedStream, damaged, data_member, plain_tar
from helpers.errors import Interrupted
from helpers.model.debian.package import Package

_PIECE_BYTES = 1 << 18
# Folders of / that are links into /usr where folders are merged, as in Debian since 12.
_MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
# The index counts in kilobytes, and counts some files otherwise than tar does.
_SLACK_BYTES = 16 << 20
_UNREADABLE = (tarfile.TarError, lzma.LZMAError, EOFError, zlib.error)
# The size in bytes and the SHA-256 of a file, or the target of a link.
Entry = tuple[int, str] | str


class Unpacking:
    """A tree in the making; `entries` are its files and links by path. Threads share it."""

    def __init__(self, folder: Path, trims: re.Pattern[str]) -> None:
        self.folder = folder
        self.entries: dict[str, Entry] = {}
        self._trims = trims
        self._links: dict[str, str] = {}
        self._stop = threading.Event()

    def stop(self) -> None:
        """Whoever unpacks ends with Interrupted."""
        self._stop.set()

    def add(self, package: Package, deb: Path) -> None:
        """The package's files are in the tree. Raises SetupFailed, or OSError of this disk."""
        try:
            with deb.open("rb") as file:
                name, packed = data_member(file)
                with plain_tar(name, packed) as plain:
                    limit = 2 * package.unpacked_bytes + _SLACK_BYTES
                    self._add_all(LimitedStream(plain, limit))
        except _UNREADABLE as error:
            raise damaged(f"{package.name}, {error}") from None
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise damaged(f"{package.name}, {disk_words(error)} is a file and a folder") from None

    def finish(self, links: Mapping[str, str]) -> None:
        """All links are made, those of the packages first; none below another."""
        wanted = {**self._links, **links}
        for path, target in wanted.items():
            link = self.folder / path
            if any(str(parent) in wanted for parent in Path(path).parents):
                raise damaged(f"{path} is below a link")
            link.parent.mkdir(parents=True, exist_ok=True)
            if os.path.lexists(link):
                if link.is_dir() and not link.is_symlink():
                    raise damaged(f"{path} is a folder and a link")
                link.unlink()
            link.symlink_to(target)
            self.entries[path] = target

    def _add_all(self, plain: LimitedStream) -> None:
        with tarfile.open(fileobj=plain, mode="r|", bufsize=_PIECE_BYTES) as tar:  # type: ignore[call-overload]
            for member in tar:
                if self._stop.is_set():
                    raise Interrupted("Interrupted while packages were unpacked.", "Run it again.")
                path = merged_path(member.name)
                if path and not self._trims.match(path):
                    self._add_one(tar, member, path)

    def _add_one(self, tar: tarfile.TarFile, member: tarfile.TarInfo, path: str) -> None:
        if member.isdir():
            return
        if member.issym():
            self._links[path] = within_tree(path, member.linkname)
        elif member.islnk():
            self._add_hard_link(member, path)
        elif member.isreg():
            content = tar.extractfile(member)
            assert content is not None
            self.write(path, content, 0o755 if member.mode & 0o111 else 0o644)
        else:
            raise damaged(f"{path} is neither file nor link")

    def write(self, path: str, content: IO[bytes], mode: int) -> None:
        """The file is in the tree; its path is one of `merged_path`."""
        target = self._ready(path)
        digest, size = sha256(), 0
        with target.open("xb") as file:
            while piece := content.read(_PIECE_BYTES):
                file.write(piece)
                digest.update(piece)
                size += len(piece)
            os.fchmod(file.fileno(), mode)
        self.entries[path] = (size, digest.hexdigest())

    def _add_hard_link(self, member: tarfile.TarInfo, path: str) -> None:
        other = merged_path(member.linkname)
        entry = self.entries.get(other)
        if entry is None:
            if other in self._links:
                self._links[path] = self._links[other]
            return
        os.link(self.folder / other, self._ready(path))
        self.entries[path] = entry

    def _ready(self, path: str) -> Path:
        """Where the file goes; its folder is there, and one that another package brought is not."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        return target


def within_tree(path: str, target: str) -> str:
    """The target of a link: relative where it is in the tree, so that it holds wherever that is."""
    inside = merged_path(target) if target.startswith("/") else ""
    return os.path.relpath(inside, Path(path).parent) if inside else target


def merged_path(name: str) -> str:
    """The member's path below the tree, 'usr/…'; empty for what does not belong there.

    Raises SetupFailed where it climbs out.
    """
    path = cleaned(name.lstrip("/").encode("utf-8", "surrogateescape"))
    if path is None:
        raise damaged(f"it has a file {name[:200]!r}")
    text = text_of(path)
    first, slash, _ = text.partition("/")
    if not slash:
        return ""
    return f"usr/{text}" if first in _MERGED else text if first == "usr" else ""
