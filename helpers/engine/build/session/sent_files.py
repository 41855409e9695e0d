"""Files as BuildKit's file transfer describes them, and their content.

Source: tonistiigi/fsutil, `types/stat.proto`, `stat.go` and `stat_unix.go`; modes are Go's.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from helpers.engine.build.attributes import attributes_of
from helpers.engine.build.protobuf import field
from helpers.engine.build.walk import ContextEntry
from helpers.model.build.inputs import FileStamp

_DIRECTORY, _SYMLINK, _PIPE = 1 << 31, 1 << 27, 1 << 25
_SPECIAL = ((stat.S_ISUID, 1 << 23), (stat.S_ISGID, 1 << 22), (stat.S_ISVTX, 1 << 20))
_READ_BYTES = 1 << 17


@dataclass(frozen=True)
class SentFile:
    """One entry: its description in the transfer's own encoding, and where its content is."""

    path: str
    mode: int
    size_bytes: int = 0
    modified_ns: int = 0
    link: str = ""
    location: str = ""
    text: bytes | None = None
    attributes: tuple[tuple[str, bytes], ...] = ()

    @property
    def is_file(self) -> bool:
        """Whether it has content that may be asked for."""
        return not self.mode & (_DIRECTORY | _SYMLINK | _PIPE) and not self.link

    def description(self) -> bytes:
        """Its fsutil.types.Stat, owned by root."""
        extra = [field(10, field(1, name) + field(2, value)) for name, value in self.attributes]
        return b"".join(
            [
                field(1, self.path), field(2, self.mode), field(5, self.size_bytes),
                field(6, self.modified_ns), field(7, self.link), *extra,
            ]
        )  # fmt: skip

    def stamp(self, digest: str = "") -> FileStamp:
        """What it is, for the next build to compare with."""
        size = self.size_bytes if self.is_file else 0
        return FileStamp(self.mode, size, self.modified_ns, self.link, digest)

    def content(self) -> Iterator[bytes]:
        """Its bytes, in pieces; raises OSError."""
        if self.text is not None:
            yield self.text
            return
        with open(self.location, "rb", buffering=0) as file:  # noqa: PTH123
            while piece := file.read(_READ_BYTES):
                yield piece


def sent_files(entries: Iterable[ContextEntry]) -> Iterator[SentFile]:
    """The entries of a folder; a file with several names is sent once and then as a link."""
    seen: dict[tuple[int, int], str] = {}
    for entry in entries:
        status = entry.status
        mode, size, link = go_mode(status.st_mode), status.st_size, entry.link_target
        if entry.is_folder:
            size = 0
        elif status.st_nlink > 1 and not link:
            first = seen.setdefault((status.st_dev, status.st_ino), entry.path)
            if first != entry.path:
                size, link = 0, first
        attributes = tuple(attributes_of(entry.location).items())
        yield SentFile(
            entry.path, mode, size, status.st_mtime_ns, link, entry.location, attributes=attributes
        )


def text_file(name: str, text: bytes) -> SentFile:
    """A file that is only in memory; of now, so that the engine never takes it for an old one."""
    return SentFile(name, 0o644, len(text), time.time_ns(), text=text)


def go_mode(mode: int) -> int:
    """A file's mode as Go counts its bits."""
    bits = mode & 0o777
    for here, there in _SPECIAL:
        bits |= there if mode & here else 0
    if stat.S_ISDIR(mode):
        bits |= _DIRECTORY
    elif stat.S_ISLNK(mode):
        bits |= _SYMLINK
    elif stat.S_ISFIFO(mode):
        bits |= _PIPE
    return bits
