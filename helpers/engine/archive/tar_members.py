"""The members of a tar archive, one after the other, as it streams by.

Python's own `tarfile` makes a large object of each member and reads in many small steps: on an
image of 60,000 files it takes ten times as long. What headers say is read as Go's archive/tar
reads it, by which Docker unpacks a layer: where two readers differ, a file can hide between them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from helpers.engine.archive.byte_stream import ByteStream
from helpers.engine.archive.pax_records import OPAQUE, SPARSE, PaxRecords, impossible, whole
from helpers.engine.archive.tar_header import BLOCK_BYTES, Header, number, parsed

# What no honest header needs: names end at 4,096 bytes, extended attributes at 64 KiB each.
MOST_EXTENSION_BYTES = 1 << 20
# What extended headers may come to before any member, and then for each member.
FREE_EXTENSION_BYTES = 8 << 20
EXTENSION_BYTES_EACH = 16 << 10
MOST_FILE_BYTES = (1 << 63) - 1
# Types of headers: what says more of the next member, and members that nothing follows.
EXTENSIONS = b"xgLK"
WITHOUT_BODY = b"123456"
_ZEROS = bytes(BLOCK_BYTES)
_GNU_MAP = slice(386, 482)


def members(stream: ByteStream) -> Iterator[Header]:
    """Each member's header, with all extensions applied; its body is next in the stream.

    What of the body is not read by the time the next member is asked for is skipped. Raises
    UnreadableImage where the archive is damaged, cut off, claims what cannot follow, or has more
    to say of its members than there are members.
    """
    extras, free_bytes = _NOTHING, FREE_EXTENSION_BYTES
    while (block := stream.take(BLOCK_BYTES)) and block != _ZEROS:
        header = parsed(block)
        if header.type in EXTENSIONS:
            free_bytes -= header.size_bytes + BLOCK_BYTES
            extras = extras.then(header.type, _extension(stream, header.size_bytes, free_bytes))
            continue
        if extras is not _NOTHING:
            header, extras = extras.applied(header), _NOTHING
        free_bytes = min(free_bytes + EXTENSION_BYTES_EACH, FREE_EXTENSION_BYTES)
        if header.type == b"\0":
            header = header._replace(type=b"5" if header.name.endswith(b"/") else b"0")
        if header.type in WITHOUT_BODY:
            header = header._replace(size_bytes=0, content_bytes=0)
        elif header.type == b"S":
            header = _gnu_sparse(header, block, stream)
        if not (header.size_bytes >= 0 and 0 <= header.content_bytes <= MOST_FILE_BYTES):
            raise impossible(f"a file of {header.content_bytes:,} bytes")
        stream.check(header.size_bytes)
        end = stream.done_bytes + -(-header.size_bytes // BLOCK_BYTES) * BLOCK_BYTES
        yield header
        stream.skip(end - stream.done_bytes)
    if block and len(after := stream.peek(BLOCK_BYTES)) == BLOCK_BYTES and after != _ZEROS:
        raise impossible("something behind its own end")


def _extension(stream: ByteStream, size_bytes: int, free_bytes: int) -> bytes:
    if not 0 <= size_bytes <= MOST_EXTENSION_BYTES:
        raise impossible(f"an extended header of {size_bytes:,} bytes")
    if free_bytes < 0:
        raise impossible("extended headers without end")
    text = stream.take(size_bytes)
    stream.skip(-size_bytes % BLOCK_BYTES)
    return text


@dataclass(frozen=True)
class _Extras:
    """What extended headers say of the next member."""

    records: PaxRecords = field(default_factory=PaxRecords)
    name: bytes = b""
    link: bytes = b""

    def then(self, type_: bytes, text: bytes) -> _Extras:
        """The same with one more extended header: the later of two of a kind holds, alone.

        One that is meant for all that follow is passed over, and with it what was said before:
        Docker takes it for a member.
        """
        if type_ == b"L":
            return replace(self, name=text.partition(b"\0")[0])
        if type_ == b"K":
            return replace(self, link=text.partition(b"\0")[0])
        records = PaxRecords.parse(text)
        return _NOTHING if type_ == b"g" else replace(self, records=records)

    def applied(self, header: Header) -> Header:
        """The header with what extends it."""
        records, values = self.records, self.records.values
        size_bytes = records.number(b"size", header.size_bytes)
        made = header._replace(
            name=self.name or values.get(b"path", header.name),
            link=self.link or values.get(b"linkpath", header.link),
            uid=records.number(b"uid", header.uid),
            gid=records.number(b"gid", header.gid),
            size_bytes=size_bytes,
            content_bytes=size_bytes,
            is_opaque=values.get(OPAQUE) == b"y",
        )
        if not records.is_sparse:
            return made
        real = records.sparse_size
        return made._replace(
            name=values.get(SPARSE + b"name", made.name),
            content_bytes=whole(real) if real else size_bytes,
            holes=b"\n".join(records.holes),
        )


_NOTHING = _Extras()


def _gnu_sparse(header: Header, block: bytes, stream: ByteStream) -> Header:
    """The header of a sparse file as old GNU tar writes it: its map may go on in more blocks."""
    holes, more = [block[_GNU_MAP]], block[482]
    while more:
        following = stream.take(BLOCK_BYTES)
        if len(following) < BLOCK_BYTES or len(holes) * BLOCK_BYTES > MOST_EXTENSION_BYTES:
            raise impossible("a sparse file whose map does not end")
        holes.append(following[:504])
        more = following[504]
    return header._replace(content_bytes=number(block[483:495]), holes=b"".join(holes))
