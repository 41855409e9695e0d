"""Where the members of a tar stand, found by its headers alone; how far it is whole."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.bundle.opened_file import OpenedFile

BLOCK_BYTES = tarfile.BLOCKSIZE
# What the writer writes, and what `tar` puts around it when somebody packs it again.
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.XHDTYPE, tarfile.XGLTYPE)


@dataclass(frozen=True)
class Member:
    """One file in a tar: where its content begins, and how long it is."""

    name: str
    start: int
    size_bytes: int

    @property
    def end(self) -> int:
        """Where the next header begins."""
        return self.start + self.size_bytes + -self.size_bytes % BLOCK_BYTES


@dataclass(frozen=True)
class TarIndex:
    """The whole members of a tar, and what is wrong behind them, in words; '' where nothing is."""

    members: tuple[Member, ...]
    trouble: str

    @property
    def end(self) -> int:
        """Where the last whole member ends."""
        return self.members[-1].end if self.members else 0

    def named(self) -> dict[str, Member]:
        """The members by name."""
        return {member.name: member for member in self.members}


def tar_index(path: Path) -> TarIndex:
    """The index of the file of that name; nothing but headers is read."""
    return index_of(OpenedFile(path))


def index_of(file: OpenedFile) -> TarIndex:
    """The index of that file; nothing but headers is read."""
    members: list[Member] = []
    trouble = ""
    for found in _walk(file):
        if isinstance(found, str):
            trouble = found
        else:
            members.append(found)
    return TarIndex(tuple(members), trouble)


def header(name: str, size_bytes: int) -> bytes:
    """The header of a file, the same for the same name and size."""
    info = tarfile.TarInfo(name)
    info.size = size_bytes
    return info.tobuf(tarfile.GNU_FORMAT)


def _walk(file: OpenedFile) -> Iterator[Member | str]:
    """Each whole member, then a word where the file does not end as a tar does."""
    length = file.size_bytes
    at, last = 0, "its beginning"
    while True:
        block = file.read(at, BLOCK_BYTES)
        if len(block) == BLOCK_BYTES and not any(block):
            return
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError:
            cut = at + len(block) >= length
            yield f"it {'is cut off' if cut else 'is damaged'} after {last}"
            return
        if reason := _unfit(info):
            yield reason
            return
        member = Member(info.name, at + BLOCK_BYTES, info.size)
        if member.end > length:
            yield f"it is cut off in the middle of {info.name}"
            return
        yield member
        at, last = member.end, info.name


def _unfit(info: tarfile.TarInfo) -> str:
    """What is wrong with a header whose sum is right; empty where nothing is."""
    is_folder = info.isdir() and info.size == 0
    if info.size < 0 or not (is_folder or info.type in _PLAIN):
        return f"it is damaged at {info.name}"
    return ""
