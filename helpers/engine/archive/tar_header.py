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
_GNU = b"ustar  \0"
_USTAR = b"ustar\0"
_STAR_MARK, _STAR_PREFIX_BYTES = slice(508, 512), 131
_DAMAGED = "The archive is damaged."


class Header(NamedTuple):
    """A header's fields, `name` and `link` as they stand there.

    `size_bytes` is what follows in the archive, `content_bytes` the size of the file: they differ
    for a sparse file, whose map of holes is in `holes`, and for links, where nothing follows.
    `is_opaque` tells a directory that an extended attribute makes hide what is below it.
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
    is_opaque: bool = False


def parsed(block: bytes) -> Header:
    """The header in a block; raises UnreadableImage where its checksum or a number is wrong."""
    name, rights, size, checksum, type_, link, magic, device, prefix = _FIELDS.unpack(block)
    if not _is_sound(block, checksum):
        raise UnreadableImage("A header in the archive is damaged.", "Make or fetch it again.")
    name = name.partition(b"\0")[0]
    if prefix[0] and (folder := _folder(prefix, magic, block)):
        name = folder + b"/" + name
    size_bytes = number(size)
    return Header(
        name,
        *_rights(rights),
        size_bytes,
        type_,
        link.partition(b"\0")[0] if link[0] else b"",
        *(_device(device) if type_ in b"34" and _has_device(magic) else (0, 0)),
        size_bytes,
    )


def looks_like_header(block: bytes) -> bool:
    """Whether the block can be a header: its checksum is right."""
    return len(block) == BLOCK_BYTES and _is_sound(block, block[148:156])


def modified_seconds(block: bytes) -> int:
    """When the file of a header was changed last, in seconds since 1970."""
    return number(block[136:148])


def number(field: bytes) -> int:
    """A number in octal digits, or in base 256 where the first bit is set; "" is 0.

    In base 256 it may be negative, as two's complement has it. Raises UnreadableImage where it is
    none, or does not fit 64 bits.
    """
    if field[0] & 0x80:
        width = 8 * len(field) - 1
        value = int.from_bytes(field, "big") & (1 << width) - 1
        value -= (value >> width - 1) << width
        if not -(1 << 63) <= value < 1 << 63:
            raise UnreadableImage("A header holds a number beyond 64 bits.", _DAMAGED)
        return value
    text = field.strip(b"\0 ").partition(b"\0")[0]
    if not text:
        return 0
    if not text.isdigit() or b"8" in text or b"9" in text:
        raise UnreadableImage("A header holds a number that is none.", _DAMAGED)
    return int(text, 8)


def _folder(prefix: bytes, magic: bytes, block: bytes) -> bytes:
    """What stands before the name: in ustar and in star's form of it, and in no other.

    GNU tar has times there. Go's writer once put a prefix beside GNU's magic, and Go's reader
    takes what cannot be a time for that.
    """
    if magic.startswith(_USTAR):
        is_star = block[_STAR_MARK] == b"tar\0"
        return prefix[: _STAR_PREFIX_BYTES if is_star else None].partition(b"\0")[0]
    if magic != _GNU or (_is_time(prefix[:12]) and _is_time(prefix[12:24])):
        return b""
    folder = prefix.partition(b"\0")[0]
    return folder if folder.isascii() else b""


def _is_time(field: bytes) -> bool:
    """Whether a field is empty or holds a number."""
    try:
        return not field[0] or number(field) is not None
    except UnreadableImage:
        return False


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


def _has_device(magic: bytes) -> bool:
    """Whether a header has numbers of a device: the oldest, which have no magic, have none."""
    return magic.startswith(_USTAR) or magic == _GNU


@lru_cache(maxsize=4096)
def _rights(fields: bytes) -> tuple[int, int, int]:
    """Mode, user and group, which are the same for most files of a layer: kept once read."""
    return number(fields[:8]), number(fields[8:16]), number(fields[16:])


def _device(fields: bytes) -> tuple[int, int]:
    """The numbers of a device."""
    return number(fields[:8]), number(fields[8:])
