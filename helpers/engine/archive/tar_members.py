"""The members of a tar archive, one after the other, as it streams by.

Python's own `tarfile` makes a large object of each member and reads in many small steps: on an
image of 60,000 files it takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.tar_header import BLOCK_BYTES, Header, number, parsed
from helpers.errors import UnreadableImage

# What no honest header needs: names end at 4,096 bytes, extended attributes at 64 KiB each.
MOST_EXTENSION_BYTES = 1 << 20
MOST_FILE_BYTES = (1 << 63) - 1
# Types of headers: what says more of the next member, and members that nothing follows.
EXTENSIONS = b"xXgLK"
WITHOUT_BODY = b"123456"
_ZEROS = bytes(BLOCK_BYTES)
_GNU_MAP = slice(386, 482)


def members(stream: ByteStream) -> Iterator[Header]:
    """Each member's header, with all extensions applied; its body is next in the stream.

    What of the body is not read by the time the next member is asked for is skipped. Raises
    UnreadableImage where the archive is damaged, cut off, or claims what cannot follow.
    """
    extras = _Extras()
    while (block := stream.take(BLOCK_BYTES)) and block != _ZEROS:
        header = parsed(block)
        if header.type in EXTENSIONS:
            extras.read(header, _extension(stream, header.size_bytes))
            continue
        if extras.any:
            header = extras.applied(header)
        if header.type in WITHOUT_BODY:
            header = header._replace(size_bytes=0, content_bytes=0)
        elif header.type == b"S":
            header = _gnu_sparse(header, block, stream)
        if header.content_bytes > MOST_FILE_BYTES:
            raise _impossible(f"a file of {header.content_bytes:,} bytes")
        stream.check(header.size_bytes)
        end = stream.done_bytes + -(-header.size_bytes // BLOCK_BYTES) * BLOCK_BYTES
        yield header
        stream.skip(end - stream.done_bytes)


def _extension(stream: ByteStream, size_bytes: int) -> bytes:
    if size_bytes > MOST_EXTENSION_BYTES:
        raise _impossible(f"an extended header of {size_bytes:,} bytes")
    text = stream.take(size_bytes)
    stream.skip(-size_bytes % BLOCK_BYTES)
    return text


@dataclass
class _Extras:
    """What extended headers say of the next member, and of all that follow."""

    every: dict[bytes, bytes] = field(default_factory=dict)
    next: dict[bytes, bytes] = field(default_factory=dict)
    holes: list[bytes] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there is something to apply."""
        return bool(self.every or self.next)

    def read(self, header: Header, text: bytes) -> None:
        """Notes one extended header: PAX, PAX for all, or GNU's long name or link."""
        if header.type == b"L":
            self.next[b"path"] = text.partition(b"\0")[0]
        elif header.type == b"K":
            self.next[b"linkpath"] = text.partition(b"\0")[0]
        elif header.type == b"g":
            self.every |= dict(_records(text))
        else:
            records = list(_records(text))
            self.next |= dict(records)
            self.holes = [
                key + b"=" + value for key, value in records if key.startswith(b"GNU.sparse.")
            ]

    def applied(self, header: Header) -> Header:
        """The header with what extends it; what extends it alone is then forgotten."""
        records = {key: value for key, value in (self.every | self.next).items() if value}
        size_bytes = _whole(records, b"size", header.size_bytes)
        real = records.get(b"GNU.sparse.realsize", records.get(b"GNU.sparse.size"))
        made = header._replace(
            name=records.get(b"GNU.sparse.name", records.get(b"path", header.name)),
            link=records.get(b"linkpath", header.link),
            uid=_whole(records, b"uid", header.uid),
            gid=_whole(records, b"gid", header.gid),
            size_bytes=size_bytes,
            content_bytes=_decimal(real) if real else size_bytes,
            holes=b"\n".join(self.holes),
        )
        self.next, self.holes = {}, []
        return made


def _records(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The records of a PAX header: '30 path=some/long/name' and a line end, its length first."""
    at = 0
    while at < len(text):
        digits, space, _ = text[at : at + 20].partition(b" ")
        length = _decimal(digits) if space else 0
        if length < len(digits) + 3 or text[at + length - 1 : at + length] != b"\n":
            raise _impossible("a PAX record that is none")
        key, equals, value = text[at + len(digits) + 1 : at + length - 1].partition(b"=")
        if not equals:
            raise _impossible("a PAX record without a value")
        yield key, value
        at += length


def _gnu_sparse(header: Header, block: bytes, stream: ByteStream) -> Header:
    """The header of a sparse file as old GNU tar writes it: its map may go on in more blocks."""
    holes, more = [block[_GNU_MAP]], block[482]
    while more:
        following = stream.take(BLOCK_BYTES)
        if len(following) < BLOCK_BYTES or len(holes) * BLOCK_BYTES > MOST_EXTENSION_BYTES:
            raise _impossible("a sparse file whose map does not end")
        holes.append(following[:504])
        more = following[504]
    return header._replace(content_bytes=number(block[483:495]), holes=b"".join(holes))


def _whole(records: dict[bytes, bytes], key: bytes, otherwise: int) -> int:
    return _decimal(records[key]) if key in records else otherwise


def _decimal(text: bytes) -> int:
    if not text.isdigit() or len(text) > 20:
        raise _impossible(f"the number {text[:20]!r}")
    return int(text)


def _impossible(what: str) -> UnreadableImage:
    return UnreadableImage(f"The archive holds {what}.", "It is damaged: make or fetch it again.")
