"""What is in a volume: each file with its owner, its mode and the hash of its content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from helpers.model.text.units import format_bytes
from helpers.outside import visible_line, visible_repr

SHOWN_DIGITS = 12


@dataclass(frozen=True)
class VolumeFile:
    """A file or folder; `path` is from the volume's own root, which is ".".

    `mode` is as `ls -l` shows it, `owner` the numbers of user and group ("1234:1234"), "" where
    the engine does not tell; `sha256` is that of its content in hexadecimal digits, "" for what has
    none; `target` is a link's.
    """

    path: str
    mode: str
    owner: str
    size_bytes: int = 0
    sha256: str = ""
    target: str = ""


class VolumeFiles(tuple[VolumeFile, ...]):
    """All of them in the order of paths; equal where paths, owners, modes and contents are."""

    __slots__ = ()

    def __new__(cls, files: Iterable[VolumeFile] = ()) -> VolumeFiles:
        """The files sorted by path."""
        return super().__new__(cls, sorted(files, key=lambda file: file.path))

    @visible_repr
    def __repr__(self) -> str:
        rows = [_row(file) for file in self]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        )


def _row(file: VolumeFile) -> tuple[str, ...]:
    path = visible_line(f"{file.path} -> {file.target}" if file.target else file.path)
    size = format_bytes(file.size_bytes) if file.sha256 else ""
    return file.mode, file.owner or "n/a", size, path, file.sha256[:SHOWN_DIGITS]
