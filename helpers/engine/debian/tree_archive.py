"""A tree packed into one file, for machines that reach no mirror, and unpacked from one.

gzip: of what Python can unpack before anything is installed it is the quickest, 2.5 s for the
engine's 377 MB. xz makes 102 MB of them in place of 126 MB, as Debian's own files do, and takes 11.
"""

from __future__ import annotations

import gzip
import tarfile
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.engine.debian.deb_file import LimitedStream
from helpers.engine.debian.tree_record import NAME, TreeRecord
from helpers.engine.debian.unpacked_tree import UnpackedTree
from helpers.engine.debian.unpacking import Unpacking, merged_path
from helpers.errors import DamagedBundle, Interrupted, SetupFailed
from helpers.model.bundle.bundle_index import AGAIN
from helpers.model.debian.tree_recipe import NOTHING_TRIMMED

_LEVEL = 6  # a third of the seconds of 9, for less than a hundredth more
_HEADERS_BYTES = 2048  # a file's header, its padding, and a header for a long name
_UNREADABLE = (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, SetupFailed)


def record_of(tree: UnpackedTree) -> bytes:
    """What a tree has, in the words of its record; SetupFailed where its files are others now."""
    record = TreeRecord.read(tree.folder)
    if record is None or not record.is_unchanged(tree.folder):
        raise SetupFailed(
            f"The programs in {tree.folder} are not those that were unpacked there.",
            "Delete that folder, then run it again: they are fetched anew.",
        )
    return (tree.folder / NAME).read_bytes()


def packed(tree: UnpackedTree) -> Iterator[bytes]:
    """Its files as a tar packed with gzip, the same bytes each time; links are in its record."""
    packer, pieces = zlib.compressobj(_LEVEL, wbits=31), _Pieces()
    record = TreeRecord.read(tree.folder)
    with tarfile.open(fileobj=pieces, mode="w|", format=tarfile.GNU_FORMAT) as tar:  # type: ignore[call-overload]
        for path, entry in sorted(record.entries.items() if record else ()):
            if not isinstance(entry, str):
                _add(tar, tree.folder / path, path)
                for piece in pieces.taken():
                    yield packer.compress(piece)
    for piece in pieces.taken():
        yield packer.compress(piece)
    yield packer.flush()


def unpack(
    archive: Path,
    record: TreeRecord,
    folder: Path,
    on_bytes: Callable[[int, int], None],
    cancelled: threading.Event,
) -> None:
    """The record's files and links are in that new folder, and nothing else.

    Raises DamagedBundle where the archive has anything that the record does not name, Interrupted,
    and OSError of this disk.
    """
    files, links = _checked_entries(record)
    total, unpacking = sum(size for size, _ in files.values()), Unpacking(folder, NOTHING_TRIMMED)
    try:
        with gzip.open(archive) as plain:
            limited = LimitedStream(plain, total + _HEADERS_BYTES * (len(files) + 16))
            with tarfile.open(fileobj=limited, mode="r|") as tar:  # type: ignore[call-overload]
                for done, member in _members(tar, files):
                    if cancelled.is_set():
                        raise Interrupted(
                            "Interrupted; the engine was not unpacked.", "Run it again."
                        )
                    on_bytes(done, total)
                    content = tar.extractfile(member)
                    assert content is not None
                    mode = 0o755 if member.mode & 0o111 else 0o644
                    unpacking.write(member.name, content, mode)
    except _UNREADABLE:
        raise _damaged() from None
    if unpacking.entries != files:
        raise _damaged()
    unpacking.finish(links)


class _Pieces:
    """What tarfile writes, until it is taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Keeps it."""
        self._pieces.append(piece)
        return len(piece)

    def taken(self) -> list[bytes]:
        """What came since the last time."""
        pieces, self._pieces = self._pieces, []
        return pieces


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    info = tarfile.TarInfo(name)
    status = path.stat()
    info.size, info.mode = status.st_size, 0o755 if status.st_mode & 0o111 else 0o644
    with path.open("rb") as file:
        tar.addfile(info, file)


def _checked_entries(record: TreeRecord) -> tuple[dict[str, tuple[int, str]], dict[str, str]]:
    """The files and links of a record; DamagedBundle where one would not stay in the tree.

    Nothing stands below a link, so that nothing is written through one.
    """
    files = {path: entry for path, entry in record.entries.items() if not isinstance(entry, str)}
    links = {path: entry for path, entry in record.entries.items() if isinstance(entry, str)}
    for path in record.entries:
        above = path.split("/")
        parents = {"/".join(above[:count]) for count in range(1, len(above))}
        if _merged(path) != path or parents & record.entries.keys():
            raise _damaged()
    return files, links


def _merged(path: str) -> str:
    try:
        return merged_path(path)
    except SetupFailed:
        return ""


def _members(
    tar: tarfile.TarFile, files: dict[str, tuple[int, str]]
) -> Iterator[tuple[int, tarfile.TarInfo]]:
    """How many bytes came before, and the file; each of the record's once, no other thing."""
    done, seen = 0, set[str]()
    for member in tar:
        entry = files.get(member.name)
        if not member.isreg() or entry is None or member.size != entry[0] or member.name in seen:
            raise _damaged()
        seen.add(member.name)
        yield done, member
        done += member.size


def _damaged() -> DamagedBundle:
    return DamagedBundle("The engine in the bundle is not what its record says.", AGAIN)
