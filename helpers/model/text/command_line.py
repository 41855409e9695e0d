"""The `docker …` command that a helper call stands for, ready to be typed in a terminal."""

from __future__ import annotations

import shlex
from pathlib import PurePath
from types import EllipsisType

from helpers.errors import InvalidInput
from helpers.model.text.ipython_line import is_left_alone, left_alone


def docker_line(*words: object) -> str:
    """The words, lists of them included, as one shell line that begins with `docker`.

    Raises InvalidInput for what is no word.
    """
    return program_line("docker", *words)


def program_line(program: str, *words: object) -> str:
    """The same for another program.

    Words are quoted where a shell needs it; the line means the same in a terminal and behind `!` in
    a cell. Raises InvalidInput for what is no word.
    """
    flat = [
        as_word(word)
        for item in words
        for word in (item if isinstance(item, list | tuple) else [item])
    ]
    for write in (quoted, _opened):
        line = " ".join([program, *(write(word) for word in flat)])
        if is_left_alone(line):
            return line
    return left_alone([program, *flat])


def quoted(word: str) -> str:
    """The word as one types it in a shell: bare, or in single quotes, or in double ones where it
    has single ones in it and nothing that a shell would read.
    """
    if "'" in word and not set(word) & set('"$`\\!'):
        return f'"{word}"'
    return shlex.quote(word)


def _opened(word: str) -> str:
    """The word with its first brace before the quotes.

    With a quote behind the brace IPython can read no expression there, so it leaves all alone.
    """
    before, brace, behind = word.partition("{")
    if not (brace and behind):
        return quoted(word)
    return f"{quoted(before) if before else ''}{brace}{quoted(behind)}"


def option(flag: str, value: object) -> list[str]:
    """The flag with its value, or nothing where the value is None or False."""
    if value is None or value is False:
        return []
    return [flag] if value is True else [flag, str(value)]


def as_word(value: object, of: str = "") -> str:
    """The word that a value is in a command line: a text, a number or a path.

    Raises InvalidInput for anything else; `of` says in its message where it stands.
    """
    if isinstance(value, EllipsisType):
        raise InvalidInput(
            "The three dots are for you to fill in.", "Put a command in their place."
        )
    if isinstance(value, str):
        return value
    if isinstance(value, PurePath):
        return value.as_posix()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    name = getattr(value, "name", None)
    step = f"Give its name: {name!r}." if isinstance(name, str) else "Write a text: '…'."
    raise InvalidInput(f"{of}{value!r} is no word of a command.", step)


def words_of(command: object) -> list[str]:
    """The words of a command, split as a shell splits them where it is one string.

    Raises InvalidInput for what can be none, and for a quote that nothing closes.
    """
    if command is None:
        return []
    if isinstance(command, list | tuple):
        return [as_word(word) for word in command]
    if not isinstance(command, str):
        return [as_word(command)]
    try:
        return shlex.split(command)
    except ValueError:
        raise InvalidInput(
            f"{command!r} has a quote, or a backslash, that nothing closes.",
            """Write it within the other kind of quotes ("it's"), or the words as a list.""",
        ) from None
