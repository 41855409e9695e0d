"""What an engine's answer must have: where it is not there, that is an error in one sentence.

All that an answer may leave out is read by helpers/model/text/answer_parts.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.errors import EngineError
from helpers.model.text.answer_parts import count_or_none, text_in


def unfit(command: str, words: str) -> EngineError:
    """The error for an answer to that command that no engine gives; `words` say how it is not."""
    return EngineError(
        f"The engine's answer to `{command}` {words}.",
        "See which engine it is that answers, and what DOCKER_HOST leads to: `./workbook doctor`.",
        command=command,
        answer=words,
    )


def needed_table(answer: object, command: str, *keys: str) -> dict[str, Any]:
    """The table under these keys, or the answer itself; raises EngineError where it is none."""
    for key in keys:
        answer = answer.get(key) if isinstance(answer, Mapping) else None
    if not isinstance(answer, Mapping):
        raise unfit(command, f"has no object{_at(keys)}" if keys else "is no object")
    return dict(answer)


def needed_rows(answer: object, command: str, *keys: str) -> list[dict[str, Any]]:
    """The tables in the list under these keys; raises EngineError where it is no list of such.

    An empty list may be null: Go's encoding/json writes one that nobody made so.
    """
    for key in keys:
        answer = needed_table(answer, command).get(key)
    rows = [] if answer is None else answer
    if not isinstance(rows, list | tuple) or not all(isinstance(row, Mapping) for row in rows):
        raise unfit(command, f"has no list of objects{_at(keys)}")
    return [dict(row) for row in rows]


def needed_text(answer: object, command: str, *keys: str) -> str:
    """The text under these keys; raises EngineError where there is none, or an empty one."""
    text = text_in(answer, *keys)
    if not text:
        raise unfit(command, f"has no {'.'.join(keys)}")
    return text


def needed_count(answer: object, command: str, *keys: str) -> int:
    """The whole number under these keys; raises EngineError where there is none."""
    count = count_or_none(answer, *keys)
    if count is None:
        raise unfit(command, f"has no number{_at(keys)}")
    return count


def id_in(answer: object, command: str) -> str:
    """The id in an answer that must have one; raises EngineError."""
    return needed_text(answer, command, "Id")


def _at(keys: tuple[str, ...]) -> str:
    return f" at {'.'.join(keys)}" if keys else ""
