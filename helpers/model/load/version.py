"""Which version answered, by what its answer tells: a header, or a key of its JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from helpers.outside import visible_line

LONGEST = 40
MOST_BYTES = 65_536


def version_of(headers: Mapping[str, str], body: bytes, names: tuple[str, ...]) -> str:
    """The first of these that the answer has, as text; empty where it tells none.

    `headers` are by names in lower case. Whatever type the body claims, it is JSON where it is an
    object of it; above 64 kB it is not looked into.
    """
    for name in names:
        if value := headers.get(name.lower(), "").strip():
            return _short(value)
    if not body.lstrip().startswith(b"{") or len(body) > MOST_BYTES:
        return ""
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(values, dict):
        return ""
    wanted = (values[name] for name in names if name in values)
    return next((_short(str(v)) for v in wanted if isinstance(v, (str, int, float))), "")


def _short(text: str) -> str:
    line = visible_line(text.strip())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
