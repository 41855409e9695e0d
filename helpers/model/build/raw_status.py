"""What `docker build --progress=rawjson` tells, as news of its steps.

Source: moby/buildkit, `client/graph.go` (SolveStatus and what is in it, as Go writes JSON).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from helpers.model.build.trace import LogNews, News, StatusNews, VertexNews
from helpers.model.text.answer_parts import count_in, flag_in, tables_of, text_in, texts_of

_FRACTION = re.compile(r"(\.\d{1,6})\d*")
_STDERR = 2


def raw_news(status: Mapping[str, Any]) -> Iterator[News]:
    """The news in one line of it; what is not as it should be is passed over."""
    for vertex in tables_of(status, "vertexes"):
        yield VertexNews(
            text_in(vertex, "digest"),
            text_in(vertex, "name"),
            tuple(texts_of(vertex, "inputs")),
            flag_in(vertex, "cached"),
            _moment(vertex.get("started")),
            _moment(vertex.get("completed")),
            text_in(vertex, "error"),
        )
    for part in tables_of(status, "statuses"):
        current, total = count_in(part, "current"), count_in(part, "total")
        yield StatusNews(text_in(part, "vertex"), text_in(part, "id"), current, total)
    for piece in tables_of(status, "logs"):
        at = _moment(piece.get("timestamp")) or 0.0
        is_error = piece.get("stream") == _STDERR
        yield LogNews(text_in(piece, "vertex"), at, _data(piece.get("data")), is_error)


def _moment(text: object) -> float | None:
    """A time as Go writes it, to the nanosecond, in seconds since 1970."""
    if not isinstance(text, str):
        return None
    try:
        return datetime.fromisoformat(_FRACTION.sub(r"\1", text)).timestamp()
    except ValueError:
        return None


def _data(text: object) -> bytes:
    try:
        return base64.b64decode(str(text or ""))
    except (binascii.Error, ValueError):
        return b""
