"""The `docker …` command that a helper call stands for, ready to be typed in a terminal."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from types import EllipsisType

from helpers.errors import InvalidInput
from helpers.model.text.ipython_line import is_left_alone, left_alone


def docker_line(*words: str | Sequence[str]) -> str:
    """The words as one shell line that begins with `docker`, quoted where a shell needs it.

    It means the same in a terminal and behind `!` in a cell.
    """
    flat = [word for item in words for word in ([item] if isinstance(item, str) else item)]
    line = " ".join(["docker", *(quoted(word) for word in flat)])
    return line if is_left_alone(line) else left_alone(["docker", *flat])


def quoted(word: str) -> str:
    """The word as one types it in a shell: bare, or in single quotes, or in double ones where it
    has single ones in it and nothing that a shell would read.
    """
    if "'" in word and not set(word) & set('"$`\\!'):
        return f'"{word}"'
    return shlex.quote(word)


def option(flag: str, value: object) -> list[str]:
    """The flag with its value, or nothing where the value is None or False."""
    if value is None or value is False:
        return []
    return [flag] if value is True else [flag, str(value)]


def words_of(command: str | Sequence[str] | None) -> list[str]:
    """The words of a command, split as a shell splits them where it is one string."""
    if command is None:
        return []
    if isinstance(command, EllipsisType):
        raise InvalidInput(
            "The three dots are for you to fill in.", "Put a command in their place."
        )
    return shlex.split(command) if isinstance(command, str) else list(command)
