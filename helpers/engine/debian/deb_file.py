"""A .deb: an ar archive whose member data.tar.* has the package's files (deb(5))."""

from __future__ import annotations

import gzip
import importlib
import io
import lzma
from typing import IO

from helpers.errors import SetupFailed

_MAGIC, _HEADER_BYTES, _HEADER_END = b"!<arch>\n", 60, b"`\n"
_MOST_MEMBERS = 16


class BoundedFile(io.RawIOBase):
    """The bytes of a file from where it stands, so many and no more."""

    def __init__(self, file: IO[bytes], size_bytes: int) -> None:
        self._file, self._left = file, size_bytes

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills the buffer as far as it goes."""
        data = self._file.read(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


class LimitedStream:
    """What a stream gives, and an error where that is more than it may be."""

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, most_bytes: int) -> None:
        self._stream, self._left = stream, most_bytes

    def read(self, count: int = -1) -> bytes:
        """The next bytes. Raises SetupFailed past the limit."""
        data = self._stream.read(count)
        self._left -= len(data)
        if self._left < 0:
            raise SetupFailed("A Debian package unpacks to far more than Debian's list says.")
        return data


def data_member(file: IO[bytes]) -> tuple[str, BoundedFile]:
    """The name of the member with the package's files, and its bytes; SetupFailed without one.

    Source of the format: ar(5); names are followed by blanks or a slash.
    """
    if file.read(len(_MAGIC)) != _MAGIC:
        raise damaged("it is no ar archive")
    for _ in range(_MOST_MEMBERS):
        header = file.read(_HEADER_BYTES)
        size = header[48:58].strip()
        if len(header) < _HEADER_BYTES or header[58:] != _HEADER_END or not size.isdigit():
            break
        name = header[:16].decode("ascii", "replace").rstrip().rstrip("/")
        if name.startswith("data.tar"):
            return name, BoundedFile(file, int(size))
        file.seek(int(size) + int(size) % 2, io.SEEK_CUR)
    raise damaged("it has no data.tar")


def plain_tar(name: str, packed: BoundedFile) -> IO[bytes] | gzip.GzipFile:
    """The tar of that member, unpacked as its name says: xz, gzip, zstd or as it is."""
    buffered = io.BufferedReader(packed, 1 << 20)
    match name.removeprefix("data.tar"):
        case "":
            return buffered
        case ".xz":
            return lzma.LZMAFile(buffered)
        case ".gz":
            return gzip.GzipFile(fileobj=buffered)
        case ".zst":
            return _zstd(buffered)
    raise damaged(f"nobody packs {name[:20]!r}")


def damaged(reason: str) -> SetupFailed:
    """The error for a package that cannot be read."""
    return SetupFailed(f"A Debian package is damaged: {reason}.", "Run the same command again.")


def _zstd(packed: IO[bytes]) -> IO[bytes]:
    """Python unpacks zstd itself from 3.14 on. Debian packs with xz, Ubuntu with zstd."""
    try:
        zstd = importlib.import_module("compression.zstd")
    except ImportError:
        raise SetupFailed(
            "A package is packed with zstd, which this Python cannot unpack.",
            "Name a mirror of Debian (not of Ubuntu) in WORKBOOK_DEBIAN_MIRROR.",
        ) from None
    stream: IO[bytes] = zstd.ZstdFile(packed)
    return stream
