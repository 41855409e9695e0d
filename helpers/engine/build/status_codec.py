"""BuildKit's StatusResponse, decoded from the bytes that the Engine API gives.

Source: moby/buildkit, `api/services/control/control.proto`.
"""

from __future__ import annotations

import base64

from helpers.engine.build.protobuf import Fields, content, fields_of, number, text
from helpers.model.build.trace import LogNews, News, StatusNews, VertexNews

_STDERR = 2


def status_news(aux: str) -> list[News]:
    """The news in a moby.buildkit.trace message's `aux`; raises ValueError for damaged ones."""
    response = fields_of(base64.b64decode(aux))
    return [
        *(_vertex(fields_of(content(item))) for item in response[1]),
        *(_status(fields_of(content(item))) for item in response[2]),
        *(_log(fields_of(content(item))) for item in response[3]),
    ]


def _vertex(fields: Fields) -> VertexNews:
    return VertexNews(
        text(fields, 1),
        text(fields, 3),
        tuple(content(item).decode(errors="backslashreplace") for item in fields[2]),
        bool(number(fields, 4)),
        _moment(fields, 5),
        _moment(fields, 6),
        text(fields, 7),
    )


def _status(fields: Fields) -> StatusNews:
    return StatusNews(text(fields, 2), text(fields, 1), number(fields, 4), number(fields, 5))


def _log(fields: Fields) -> LogNews:
    at = _moment(fields, 2) or 0.0
    data = content(fields[4][-1]) if fields[4] else b""
    return LogNews(text(fields, 1), at, data, number(fields, 3) == _STDERR)


def _moment(fields: Fields, field_number: int) -> float | None:
    """A google.protobuf.Timestamp in seconds since 1970."""
    if not fields[field_number]:
        return None
    stamp = fields_of(content(fields[field_number][-1]))
    return number(stamp, 1) + number(stamp, 2) / 1e9
