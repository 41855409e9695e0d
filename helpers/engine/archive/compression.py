"""What is in a compressed stream: plain, gzip, zstd, bzip2 or xz, by its first bytes."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from functools import partial

from helpers.engine.archive.byte_stream import PIECE_BYTES, ByteStream, cut_off
from helpers.engine.archive.unpack_budget import MOST_BYTES, UnpackBudget
from helpers.engine.archive.zstd_frames import is_zstd
from helpers.errors import UnreadableImage

GZIP = b"\x1f\x8b"
# No deflate stream grows by more than 1,032 times, whatever it holds.
_GZIP_GROWTH = 1032
# zstd unpacks 4 bytes to as much as 128 KiB, and all of a piece at once: 64 MiB for 2 KiB.
_ZSTD_INPUT_BYTES = 2048
BZIP2 = b"BZh"
XZ = b"\xfd7zXZ"
# What `xz -9` takes, twice over; a header may ask for gigabytes.
_XZ_MEMORY_BYTES = 128 << 20


def unpacked(stream: ByteStream, budget: UnpackBudget | None = None) -> ByteStream:
    """The stream itself where it is plain, else what it unpacks to; nothing is kept.

    Layers of one image share a budget. Raises UnreadableImage, also while reading, where the
    stream is damaged, cut off or grows past it.
    """
    budget, magic = budget or UnpackBudget(), stream.peek(6)
    if magic.startswith(GZIP):
        most = MOST_BYTES
        if stream.size_bytes is not None:
            most = min(most, stream.size_bytes * _GZIP_GROWTH)
        return ByteStream(_bounded(_gunzipped, stream, budget), most, source=stream)
    if is_zstd(magic):
        return ByteStream(_bounded(_zstd_unpacked, stream, budget), MOST_BYTES, source=stream)
    if magic.startswith(BZIP2):
        unpack = partial(_unpacked_by, bz2.BZ2Decompressor, "bzip2")
        return ByteStream(_bounded(unpack, stream, budget), MOST_BYTES, source=stream)
    if magic.startswith(XZ):
        unpack = partial(_unpacked_by, _xz_decompressor, "xz")
        return ByteStream(_bounded(unpack, stream, budget), MOST_BYTES, source=stream)
    return stream


def is_packed(start: bytes) -> bool:
    """Whether a stream that begins so is packed."""
    return start.startswith((GZIP, BZIP2, XZ)) or is_zstd(start)


def _bounded(
    unpack: Callable[[ByteStream], Iterator[bytes]], stream: ByteStream, budget: UnpackBudget
) -> Iterator[bytes]:
    """What comes out of the stream, within the budget."""
    read = stream.done_bytes
    for piece in unpack(stream):
        budget.take(stream.done_bytes - read)
        read = stream.done_bytes
        yield from budget.plain((piece,))


def _gunzipped(stream: ByteStream) -> Iterator[bytes]:
    """The content of all members of a gzip stream; zeros between and after them are padding."""
    unpacker = None
    for piece in stream.rest():
        data: bytes | memoryview = piece
        while len(data):
            if unpacker is None:
                data = bytes(data).lstrip(b"\0")
                unpacker = zlib.decompressobj(wbits=31) if data else None
                continue
            try:
                yield unpacker.decompress(data, PIECE_BYTES)
            except zlib.error as error:
                raise _damaged("gzip", error) from None
            data = unpacker.unconsumed_tail
            if unpacker.eof:
                data, unpacker = unpacker.unused_data, None
    if unpacker is not None:
        raise cut_off()


def _zstd_unpacked(stream: ByteStream) -> Iterator[bytes]:
    """The content of all frames of a zstd stream."""
    try:
        import zstandard
    except ImportError:
        raise UnreadableImage(
            "A layer is packed with zstd, and this Python cannot unpack that.",
            "Install the package `zstandard` beside the workbook's others.",
        ) from None
    unpacker = None
    for piece in stream.rest():
        for start in range(0, len(piece), _ZSTD_INPUT_BYTES):
            data: bytes | memoryview = piece[start : start + _ZSTD_INPUT_BYTES]
            while len(data):
                unpacker = unpacker or zstandard.ZstdDecompressor().decompressobj()
                try:
                    yield unpacker.decompress(data)
                except zstandard.ZstdError as error:
                    raise _damaged("zstd", error) from None
                data = unpacker.unused_data
                if unpacker.eof:
                    unpacker = None
    if unpacker is not None:
        raise cut_off()


def _xz_decompressor() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY_BYTES)


def _unpacked_by(
    make: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor],
    packing: str,
    stream: ByteStream,
) -> Iterator[bytes]:
    """The content of all streams of a bzip2 or xz stream; zeros between and after are padding."""
    unpacker = None
    for piece in stream.rest():
        data: bytes | memoryview = piece
        while len(data) or (unpacker and not unpacker.needs_input):
            if unpacker is None:
                data = bytes(data).lstrip(b"\0")
                unpacker = make() if data else None
                continue
            try:
                yield unpacker.decompress(data, PIECE_BYTES)
            except (OSError, EOFError, ValueError, lzma.LZMAError) as error:
                raise _damaged(packing, error) from None
            data = b""
            if unpacker.eof:
                data, unpacker = unpacker.unused_data, None
    if unpacker is not None:
        raise cut_off()


def _damaged(packing: str, error: Exception) -> UnreadableImage:
    return UnreadableImage(f"The {packing} data is damaged ({error}).", "Make or fetch it again.")
