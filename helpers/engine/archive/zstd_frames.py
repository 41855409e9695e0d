"""The frames of a zstd stream, by their headers alone.

Source: RFC 8878, sections 3.1.1 (frames and blocks) and 3.1.2 (skippable frames).
"""

from __future__ import annotations

from helpers.engine.archive.byte_stream import ByteStream, cut_off
from helpers.errors import UnreadableImage

MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"
_HEAD_BYTES = 4
_CONTENT_FIELD_BYTES = (0, 2, 4, 8)
_DICTIONARY_FIELD_BYTES = (0, 1, 2, 4)
_ONE_REPEATED, _RESERVED = 1, 3


def is_zstd(start: bytes) -> bool:
    """Whether a stream that begins so is one of zstd: with a frame, or one to be skipped."""
    return start.startswith(MAGIC) or _is_skippable(start)


def content_bytes(stream: ByteStream) -> int | None:
    """How many bytes all frames unpack to, as they say; None where one of them does not say.

    Nothing is unpacked. Raises UnreadableImage where the stream is cut off or no zstd.
    """
    total: int | None = 0
    while head := stream.take(_HEAD_BYTES):
        if _is_skippable(head):
            stream.skip(_number(stream, 4))
        elif head == MAGIC:
            size = _frame(stream)
            total = None if total is None or size is None else total + size
        else:
            raise UnreadableImage("The zstd data is damaged.", "Make or fetch it again.")
    return total


def _is_skippable(start: bytes) -> bool:
    return start[1:4] == _SKIPPABLE and start[0] >> 4 == 5


def _frame(stream: ByteStream) -> int | None:
    """What a frame says of its content; the stream then stands behind it."""
    description = _number(stream, 1)
    is_single, has_checksum = description >> 5 & 1, description >> 2 & 1
    stream.skip((0 if is_single else 1) + _DICTIONARY_FIELD_BYTES[description & 3])
    width = _CONTENT_FIELD_BYTES[description >> 6] or is_single
    size = _number(stream, width) + (256 if width == 2 else 0) if width else None
    is_last = 0
    while not is_last:
        block = _number(stream, 3)
        is_last, kind = block & 1, block >> 1 & 3
        if kind == _RESERVED:
            raise UnreadableImage("The zstd data is damaged.", "Make or fetch it again.")
        stream.skip(1 if kind == _ONE_REPEATED else block >> 3)
    stream.skip(4 if has_checksum else 0)
    return size


def _number(stream: ByteStream, width: int) -> int:
    field = stream.take(width)
    if len(field) < width:
        raise cut_off()
    return int.from_bytes(field, "little")
