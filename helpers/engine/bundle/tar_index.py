"""Where the members of a tar stand, by its headers alone; how far it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.member_path import text_of
from helpers.engine.archive.tar_header import BLOCK_BYTES, looks_like_header
from helpers.engine.archive.tar_members import members
from helpers.engine.archive.writer import padding
from helpers.engine.bundle.opened_file import OpenedFile
from helpers.errors import UnreadableImage

# What the writer writes, and the folders that `tar` puts around it when somebody packs it again.
_PLAIN = b"0\x005"
# As much as a header and what extends it: behind it stands a blob, which is not read.
_PIECE_BYTES = 4 * BLOCK_BYTES
_NAME = slice(0, 100)


@dataclass(frozen=True)
class Member:
    """One file in a tar: where its content begins, and how long it is."""

    name: str
    start: int
    size_bytes: int

    @property
    def end(self) -> int:
        """Where the next header begins."""
        return self.start + self.size_bytes + len(padding(self.size_bytes))


@dataclass(frozen=True)
class TarIndex:
    """The whole members of a tar, and what is wrong behind them, in words; '' where nothing is."""

    members: tuple[Member, ...]
    trouble: str

    def by_name(self) -> dict[str, Member]:
        """The members by name."""
        return {member.name: member for member in self.members}


def tar_index(path: Path) -> TarIndex:
    """The index of the file of that name; nothing but headers is read."""
    return index_of(OpenedFile(path))


def index_of(file: OpenedFile) -> TarIndex:
    """The index of that file; nothing but headers is read."""
    whole: list[Member] = []
    try:
        for member, is_plain in _listed(file):
            if not is_plain:
                return TarIndex(tuple(whole), f"it is damaged at {member.name}")
            if member.end > file.size_bytes:
                return TarIndex(tuple(whole), f"it is cut off in the middle of {member.name}")
            whole.append(member)
    except UnreadableImage:
        return TarIndex(tuple(whole), _trouble(file, whole))
    return TarIndex(tuple(whole), "" if _ends(file, whole) else _trouble(file, whole))


def _listed(file: OpenedFile) -> Iterator[tuple[Member, bool]]:
    """Each member that has a header, and whether it is of a kind that a bundle has."""
    at = 0

    def chunks() -> Iterator[bytes]:
        nonlocal at
        while chunk := file.read(at, _PIECE_BYTES):
            at += len(chunk)
            yield chunk

    def seek(count: int) -> None:
        nonlocal at
        at += count

    stream = ByteStream(chunks(), seek=seek)
    for header in members(stream):
        member = Member(text_of(header.name), stream.done_bytes, header.size_bytes)
        yield member, header.type in _PLAIN


def _ends(file: OpenedFile, whole: list[Member]) -> bool:
    """Whether there is an end of an archive behind the last member."""
    return file.read(_end(whole), BLOCK_BYTES) == bytes(BLOCK_BYTES)


def _trouble(file: OpenedFile, whole: list[Member]) -> str:
    """What is wrong behind the last whole member."""
    block = file.read(_end(whole), BLOCK_BYTES)
    if looks_like_header(block):
        name = block[_NAME].partition(b"\0")[0]
        return f"it is damaged at {name.decode('utf-8', 'replace')}"
    is_cut = _end(whole) + len(block) >= file.size_bytes
    last = whole[-1].name if whole else "its beginning"
    return f"it {'is cut off' if is_cut else 'is damaged'} after {last}"


def _end(whole: list[Member]) -> int:
    return whole[-1].end if whole else 0
