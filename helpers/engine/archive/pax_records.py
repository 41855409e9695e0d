"""The records of an extended header, of which only those are kept that say what a file is.

Source: POSIX.1-2017 pax, "pax Extended Header", and the GNU tar manual, "Storing Sparse Files".
Where they leave a choice it is that of Go's archive/tar, by which Docker reads a layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from helpers.errors import UnreadableImage
from helpers.outside import visible_line

SPARSE = b"GNU.sparse."
OPAQUE = b"SCHILY.xattr.trusted.overlay.opaque"
_KEPT = frozenset((b"path", b"linkpath", b"size", b"uid", b"gid", OPAQUE))
_NAMES = (b"path", b"linkpath", b"uname", b"gname")
_LEAST_BYTES = 5
_MOST_DIGITS = 20
_MOST = 1 << 63


@dataclass(frozen=True)
class PaxRecords:
    """What an extended header says of the next member; `holes` are the records of a sparse file."""

    values: dict[bytes, bytes] = field(default_factory=dict)
    holes: tuple[bytes, ...] = ()

    @classmethod
    def parse(cls, text: bytes) -> PaxRecords:
        """The records in the body of an extended header; raises UnreadableImage.

        One without a value says nothing, so that the header's own holds.
        """
        values: dict[bytes, bytes] = {}
        holes = list[bytes]()
        for key, value in _records(text):
            if key.startswith(SPARSE):
                holes.append(key + b"=" + value)
                values[key] = value
            elif key in _KEPT:
                values[key] = value
        return cls({key: value for key, value in values.items() if value}, tuple(holes))

    def number(self, key: bytes, otherwise: int) -> int:
        """The number under that key, or the other where there is none; raises UnreadableImage."""
        return whole(self.values[key]) if key in self.values else otherwise

    @property
    def is_sparse(self) -> bool:
        """Whether the member has holes, in one of the forms that are known; others say nothing."""
        version = (self.values.get(SPARSE + b"major"), self.values.get(SPARSE + b"minor"))
        if version == (None, None):
            return SPARSE + b"map" in self.values or SPARSE + b"offset" in self.values
        return version in ((b"0", b"0"), (b"0", b"1"), (b"1", b"0"))

    @property
    def sparse_size(self) -> bytes | None:
        """How long a sparse file is with its holes."""
        return self.values.get(SPARSE + b"size") or self.values.get(SPARSE + b"realsize")


def whole(text: bytes) -> int:
    """A whole number of 64 bits in decimal digits, maybe with a sign; raises UnreadableImage."""
    digits = text[1:] if text[:1] in (b"-", b"+") else text
    value = int(text) if digits.isdigit() and len(digits) <= _MOST_DIGITS else _MOST
    if not -_MOST <= value < _MOST:
        shown = visible_line(repr(text[:_MOST_DIGITS])[2:-1])
        raise impossible(f"the number {shown!r}" if shown else "a number without digits")
    return value


def impossible(what: str) -> UnreadableImage:
    """The error for an archive that holds what no archive holds."""
    return UnreadableImage(f"The archive holds {what}.", "It is damaged: make or fetch it again.")


def _records(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Key and value of each: '30 path=some/long/name' and a line end, its length first."""
    at = 0
    while at < len(text):
        digits, space, _ = text[at : at + _MOST_DIGITS + 2].partition(b" ")
        length = whole(digits) if space else 0
        end = at + length
        if length < _LEAST_BYTES or end > len(text) or text[end - 1 : end] != b"\n":
            raise impossible("a PAX record that is none")
        key, equals, value = text[at + len(digits) + 1 : end - 1].partition(b"=")
        if not equals or not key or b"\0" in (value if key in _NAMES else key):
            raise impossible("a PAX record that names nothing")
        yield key, value
        at = end
