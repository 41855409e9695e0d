"""Parts of what an engine answers, whatever stands in their place.

Docker's engines, Podman and what calls itself one leave out, null or retype what others fill. So no
part is ever demanded: one that is not there, or not of its kind, is empty, zero or None.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from helpers.model.text.timestamps import seconds_since_1970

_MOST = 2**64


def part_of(answer: object, *keys: str) -> Mapping[str, Any]:
    """The table under these keys; an empty one where there is none."""
    held = _at(answer, keys)
    return held if isinstance(held, Mapping) else {}


def tables_of(answer: object, *keys: str) -> list[Mapping[str, Any]]:
    """The tables in the list under these keys."""
    held = _at(answer, keys)
    return [item for item in held if isinstance(item, Mapping)] if _is_list(held) else []


def lists_of(answer: object, *keys: str) -> list[list[Any]]:
    """The lists in the list under these keys."""
    held = _at(answer, keys)
    return [list(item) for item in held if _is_list(item)] if _is_list(held) else []


def texts_of(answer: object, *keys: str) -> list[str]:
    """The texts in the list under these keys."""
    held = _at(answer, keys)
    return [item for item in held if isinstance(item, str)] if _is_list(held) else []


def text_in(answer: object, *keys: str) -> str:
    """The text under these keys, a number written out; '' where there is none."""
    held = _at(answer, keys)
    is_number = isinstance(held, int | float) and not isinstance(held, bool)
    return str(held) if is_number or isinstance(held, str) else ""


def flag_in(answer: object, *keys: str) -> bool:
    """Whether true stands under these keys."""
    return _at(answer, keys) is True


def error_in(message: object) -> str:
    """What a message of a stream says went wrong; '' where it says nothing of the kind."""
    words = text_in(message, "errorDetail", "message") or text_in(message, "error")
    is_one = bool(part_of(message).get("error"))
    return words or ("an error without words" if is_one else "")


def count_or_none(answer: object, *keys: str) -> int | None:
    """The whole number under these keys, also where a text has it; None where there is none."""
    held = _at(answer, keys)
    if isinstance(held, str) and held.isascii() and len(held) <= 20:
        digits = held.removeprefix("-")
        return int(held) if digits.isdecimal() else None
    if isinstance(held, int | float) and math.isfinite(held) and abs(held) <= _MOST:
        return int(held)
    return None


def count_in(answer: object, *keys: str) -> int:
    """The whole number under these keys; 0 where there is none."""
    return count_or_none(answer, *keys) or 0


def moment_in(answer: object, *keys: str) -> float:
    """The time stamp under these keys in seconds since 1970; 0 where there is none."""
    try:
        return seconds_since_1970(text_in(answer, *keys))
    except (ValueError, OverflowError):
        return 0.0


def table_of_texts(answer: object, *keys: str) -> dict[str, str]:
    """{key: text} under these keys: labels, attributes."""
    return {str(key): _shown(value) for key, value in part_of(answer, *keys).items()}


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _at(answer: object, keys: tuple[str, ...]) -> Any:
    for key in keys:
        answer = answer.get(key) if isinstance(answer, Mapping) else None
    return answer


def _is_list(held: object) -> bool:
    return isinstance(held, list | tuple)
