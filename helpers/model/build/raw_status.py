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

_FRACTION = re.compile(r"(\.\d{1,6})\d*")
_STDERR = 2


def raw_news(status: Mapping[str, Any]) -> Iterator[News]:
    """The news in one line of it; what is not as it should be is passed over."""
    for vertex in status.get("vertexes") or ():
        yield VertexNews(
            str(vertex.get("digest", "")),
            str(vertex.get("name", "")),
            tuple(map(str, vertex.get("inputs") or ())),
            bool(vertex.get("cached")),
            _moment(vertex.get("started")),
            _moment(vertex.get("completed")),
            str(vertex.get("error") or ""),
        )
    for part in status.get("statuses") or ():
        current, total = int(part.get("current") or 0), int(part.get("total") or 0)
        yield StatusNews(str(part.get("vertex", "")), str(part.get("id", "")), current, total)
    for piece in status.get("logs") or ():
        at = _moment(piece.get("timestamp")) or 0.0
        is_error = piece.get("stream") == _STDERR
        yield LogNews(str(piece.get("vertex", "")), at, _data(piece.get("data")), is_error)


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
