"""The 512 bytes that stand before each file of a tar archive.

Source: POSIX.1-2017 pax, "ustar Interchange Format", and the GNU tar manual for its extensions.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from struct import Struct
from typing import NamedTuple

from helpers.errors import UnreadableImage

BLOCK_BYTES = 512
_FIELDS = Struct("100s24s12s12x8sc100s8s64x16s155s12x")
_ADLER_MODULUS = 65521


class Header(NamedTuple):
    """A header's fields, `name` and `link` as they stand there.

    `size_bytes` is what follows in the archive, `content_bytes` the size of the file: they differ
    for a sparse file, whose map of holes is in `holes`, and for links, where nothing follows.
    """

    name: bytes
    mode: int
    uid: int
    gid: int
    size_bytes: int
    type: bytes
    link: bytes
    major: int
    minor: int
    content_bytes: int
    holes: bytes = b""


def parsed(block: bytes) -> Header:
    """The header in a block; raises UnreadableImage where its checksum or a number is wrong."""
    name, rights, size, checksum, type_, link, magic, device, prefix = _FIELDS.unpack(block)
    if not _is_sound(block, checksum):
        raise UnreadableImage("A header in the archive is damaged.", "Make or fetch it again.")
    name = name.partition(b"\0")[0]
    if prefix[0] and magic[:6] == b"ustar\0":
        name = prefix.partition(b"\0")[0] + b"/" + name
    size_bytes = number(size)
    return Header(
        name,
        *_rights(rights),
        size_bytes,
        type_,
        link.partition(b"\0")[0] if link[0] else b"",
        *(_device(device) if type_ in b"34" else (0, 0)),
        size_bytes,
    )


def looks_like_header(block: bytes) -> bool:
    """Whether the block can be a header: its checksum is right."""
    return len(block) == BLOCK_BYTES and _is_sound(block, block[148:156])


def modified_seconds(block: bytes) -> int:
    """When the file of a header was changed last, in seconds since 1970."""
    return number(block[136:148])


def number(field: bytes) -> int:
    """A number in octal digits, or in base 256 where the first bit is set; "" is 0."""
    if field[0] & 0x80:
        if field[0] & 0x40:
            raise UnreadableImage("A header holds a negative number.", "The archive is damaged.")
        return int.from_bytes(bytes([field[0] & 0x3F]) + field[1:], "big")
    text = field.partition(b"\0")[0].strip()
    if text and not text.isdigit():
        raise UnreadableImage("A header holds no number.", "The archive is damaged.")
    try:
        return int(text, 8) if text else 0
    except ValueError:
        raise UnreadableImage(
            "A header holds a number that is none.", "The archive is damaged."
        ) from None


def _is_sound(block: bytes, checksum: bytes) -> bool:
    """Whether the sum of the bytes, with the checksum's own as spaces, is the checksum.

    Adler-32's lower half is one more than that sum (modulo 65,521), in a fifteenth of the time.
    """
    try:
        stored = int(checksum.rstrip(b"\0 ") or b"-1", 8)
    except ValueError:
        return False
    adler = zlib.adler32(block[156:], zlib.adler32(block[:148])) & 0xFFFF
    return (adler + 255 - stored) % _ADLER_MODULUS == 0 or stored == _signed_sum(block)


def _signed_sum(block: bytes) -> int:
    """The checksum as some old archivers wrote it, with bytes from -128 to 127."""
    both = block[:148] + b" " * 8 + block[156:]
    return sum(byte - 256 if byte > 127 else byte for byte in both)


@lru_cache(maxsize=4096)
def _rights(fields: bytes) -> tuple[int, int, int]:
    """Mode, user and group, which are the same for most files of a layer: kept once read."""
    return number(fields[:8]), number(fields[8:16]), number(fields[16:])


def _device(fields: bytes) -> tuple[int, int]:
    """The numbers of a device."""
    return number(fields[:8]), number(fields[8:])
