"""JSON from outside."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

MOST_LEVELS = 100


def parsed_json(text: str | bytes) -> Any:
    """What the JSON says; raises ValueError where it is none, or nested beyond all reason.

    What comes of it may be shown, compared and walked through without looking how deep it is.
    """
    try:
        document = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    level = [document]
    for _ in range(MOST_LEVELS):
        level = [child for value in level for child in _children(value)]
        if not level:
            return document
    raise ValueError("it is nested too deeply")


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
