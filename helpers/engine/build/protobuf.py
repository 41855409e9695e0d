"""Protocol buffers, as much as a builder speaks: fields by their number.

Source: the protocol buffers encoding guide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

Value = int | bytes
Fields = dict[int, list[Value]]
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_64_BITS = (1 << 64) - 1
# Most numbers are small, and a context of 20,000 files has 200,000 of them.
_SMALL = [bytes([value]) for value in range(0x80)]


def fields_of(message: bytes) -> Fields:
    """The values of a message by field number; raises ValueError where it is cut off."""
    fields: Fields = defaultdict(list)
    for number, value in _values(message):
        fields[number].append(value)
    return fields


def field(number: int, value: int | str | bytes) -> bytes:
    """One field of a message; nothing for zero or an empty text, as the encoding has it."""
    if not value:
        return b""
    if isinstance(value, int):
        return _number(number << 3 | _VARINT) + _number(value & _64_BITS)
    content = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    return _number(number << 3 | _LENGTH) + _number(len(content)) + content


def text(fields: Fields, number: int) -> str:
    """A field's text, bytes that are no UTF-8 written out; "" where it is missing."""
    return content(fields[number][-1]).decode(errors="backslashreplace") if fields[number] else ""


def number(fields: Fields, field_number: int) -> int:
    """A field's number; 0 where it is missing."""
    value = fields[field_number][-1] if fields[field_number] else 0
    return value if isinstance(value, int) else 0


def content(value: Value) -> bytes:
    """The bytes of a value; raises ValueError for a number."""
    if isinstance(value, int):
        raise ValueError("a number where a text should be")
    return value


def _values(message: bytes) -> Iterator[tuple[int, Value]]:
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, position = _varint(message, position)
            yield number, value
            continue
        if kind == _LENGTH:
            size, position = _varint(message, position)
        elif kind in (_FIXED64, _FIXED32):
            size = 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"a field of an unknown kind ({kind})")
        if position + size > len(message):
            raise ValueError("a field that is cut off")
        yield number, message[position : position + size]
        position += size


def _varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(message):
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
    raise ValueError("a number that is cut off")


def _number(value: int) -> bytes:
    if value <= 0x7F:
        return _SMALL[value]
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
