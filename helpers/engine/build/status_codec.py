"""BuildKit's StatusResponse, decoded from the bytes that the Engine API gives.

Source: the protocol buffers encoding, and moby/buildkit `api/services/control/control.proto`.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator

from helpers.model.build_trace import LogNews, News, StatusNews, VertexNews

Value = int | bytes
Fields = dict[int, list[Value]]
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_STDERR = 2


def status_news(aux: str) -> list[News]:
    """The news in a moby.buildkit.trace message's `aux`; raises ValueError for damaged ones."""
    response = fields_of(base64.b64decode(aux))
    return [
        *(_vertex(fields_of(_bytes(item))) for item in response[1]),
        *(_status(fields_of(_bytes(item))) for item in response[2]),
        *(_log(fields_of(_bytes(item))) for item in response[3]),
    ]


def fields_of(message: bytes) -> Fields:
    """The values of a message by field number; raises ValueError where it is cut off."""
    found: Fields = defaultdict(list)
    for number, value in _values(message):
        found[number].append(value)
    return found


def _values(message: bytes) -> Iterator[tuple[int, Value]]:
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, place = _varint(message, place)
            yield number, value
            continue
        if kind == _LENGTH:
            size, place = _varint(message, place)
        elif kind in (_FIXED64, _FIXED32):
            size = 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"a field of an unknown kind ({kind})")
        if place + size > len(message):
            raise ValueError("a field that is cut off")
        yield number, message[place : place + size]
        place += size


def _varint(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(message):
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
    raise ValueError("a number that is cut off")


def _vertex(fields: Fields) -> VertexNews:
    return VertexNews(
        _text(fields, 1),
        _text(fields, 3),
        tuple(_bytes(item).decode(errors="replace") for item in fields[2]),
        bool(_number(fields, 4)),
        _moment(fields, 5),
        _moment(fields, 6),
        _text(fields, 7),
    )


def _status(fields: Fields) -> StatusNews:
    return StatusNews(_text(fields, 2), _text(fields, 1), _number(fields, 4), _number(fields, 5))


def _log(fields: Fields) -> LogNews:
    return LogNews(
        _text(fields, 1), _moment(fields, 2) or 0.0, _text(fields, 4), _number(fields, 3) == _STDERR
    )


def _moment(fields: Fields, number: int) -> float | None:
    """A google.protobuf.Timestamp in seconds since 1970."""
    if not fields[number]:
        return None
    stamp = fields_of(_bytes(fields[number][-1]))
    return _number(stamp, 1) + _number(stamp, 2) / 1e9


def _text(fields: Fields, number: int) -> str:
    return _bytes(fields[number][-1]).decode(errors="replace") if fields[number] else ""


def _number(fields: Fields, number: int) -> int:
    value = fields[number][-1] if fields[number] else 0
    return value if isinstance(value, int) else 0


def _bytes(value: Value) -> bytes:
    if isinstance(value, int):
        raise ValueError("a number where a text should be")
    return value
