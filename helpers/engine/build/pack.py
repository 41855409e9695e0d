"""A build context as a tar archive, made while it is sent: never whole in memory or on disk.

As the docker command does with BuildKit, owners become root, names and times stay. Headers are
GNU's: with a PAX header as the first member, all of it would be taken for a Dockerfile. Only a file
with capabilities gets one, and without them where it comes first.
"""

from __future__ import annotations

import hashlib
import stat
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping

from helpers.engine.archive.writer import END, member, padding
from helpers.engine.build.attributes import attributes_of
from helpers.engine.build.session.sent_files import go_mode
from helpers.engine.build.source import BuildSource, sent_along
from helpers.engine.build.walk import GONE, ContextEntry, changed, unreadable, walk
from helpers.model.build.inputs import FileStamp

CHUNK_BYTES = 1 << 20
_CAPABILITY = "security.capability"
OnPacked = Callable[[str, FileStamp], None]


def packed_source(
    source: BuildSource, on_packed: OnPacked, further: Mapping[str, bytes]
) -> tuple[str, Iterator[bytes]]:
    """The Dockerfile's name in the archive, and the archive with all that the build may use.

    `further` are files that go along, {name: content}.
    """
    name, own = sent_along(source)
    extra = {**own, **further}
    entries = walk(source.folder, source.ignore) if source.folder else iter(())
    others = (entry for entry in entries if entry.path not in extra)
    return name, packed(others, extra, on_packed)


def packed(
    entries: Iterable[ContextEntry], extra: dict[str, bytes], on_packed: OnPacked
) -> Iterator[bytes]:
    """The archive in pieces of about 1 MiB; `extra` are further members {name: content}, first.

    `on_packed` is told (path, what it is) of each entry. Raises InvalidInput for a file
    that cannot be read, shrinks or vanishes meanwhile.
    """
    pieces: list[bytes] = []
    size = 0
    for piece in _pieces(entries, extra, on_packed):
        pieces.append(piece)
        size += len(piece)
        if size >= CHUNK_BYTES:
            yield b"".join(pieces)
            pieces, size = [], 0
    yield b"".join([*pieces, END])


def _pieces(
    entries: Iterable[ContextEntry], extra: dict[str, bytes], on_packed: OnPacked
) -> Iterator[bytes]:
    for name, content in extra.items():
        yield member(name, content)
    seen: dict[tuple[int, int], str] = {}
    for number, entry in enumerate(entries, len(extra)):
        header = _header(entry, seen)
        yield _encoded(header, entry.location if number else "")
        digest = hashlib.sha256() if header.isreg() else None
        if digest is not None:
            for piece in _content(entry, header.size):
                digest.update(piece)
                yield piece
            yield padding(header.size)
        sha = digest.hexdigest() if digest else ""
        when = entry.status.st_mtime_ns
        stamp = FileStamp(go_mode(entry.status.st_mode), header.size, when, header.linkname, sha)
        on_packed(entry.path, stamp)


def _header(entry: ContextEntry, seen: dict[tuple[int, int], str]) -> tarfile.TarInfo:
    """The member's header; a file with several names is sent once and then as a hard link."""
    status = entry.status
    header = tarfile.TarInfo(entry.path)
    header.mode = stat.S_IMODE(status.st_mode)
    header.mtime = int(status.st_mtime)
    if entry.is_folder:
        header.type = tarfile.DIRTYPE
    elif stat.S_ISLNK(status.st_mode):
        header.type, header.linkname = tarfile.SYMTYPE, entry.link_target
    elif stat.S_ISFIFO(status.st_mode):
        header.type = tarfile.FIFOTYPE
    else:
        first = seen.setdefault((status.st_dev, status.st_ino), entry.path)
        if status.st_nlink > 1 and first != entry.path:
            header.type, header.linkname = tarfile.LNKTYPE, first
        else:
            header.size = status.st_size
    return header


def _encoded(header: tarfile.TarInfo, location: str) -> bytes:
    """The header as bytes, with the capabilities of the file at that place; "" for none.

    The docker command's archive has no other extended attributes: where SELinux is on, every file
    has one.
    """
    value = attributes_of(location).get(_CAPABILITY) if location and header.isreg() else None
    if value is None:
        return header.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")
    header.pax_headers = {f"SCHILY.xattr.{_CAPABILITY}": value.decode("utf-8", "surrogateescape")}
    return header.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _content(entry: ContextEntry, size_bytes: int) -> Iterator[bytes]:
    """The file's content, exactly as long as its header says."""
    left = size_bytes
    try:
        with open(entry.location, "rb", buffering=0) as file:  # noqa: PTH123
            while left:
                piece = file.read(min(left, CHUNK_BYTES))
                if not piece:
                    raise changed(entry.location)
                left -= len(piece)
                yield piece
    except GONE:
        raise changed(entry.location) from None
    except OSError as error:
        raise unreadable(entry.location, error) from None
