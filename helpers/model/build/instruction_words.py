"""An instruction of a Dockerfile taken apart: its flags, and the words behind them.

Source: BuildKit's frontend/dockerfile/parser (`split_command.go`, `line_parsers.go`): flags stand
at the start alone, and lose their quotes there.
"""

from __future__ import annotations

import csv
import json
import re
from typing import NamedTuple

from helpers.model.build.dockerfile_lines import BLANKS

_BETWEEN = re.compile(r"[\t\v\f\r ]+")


class Flag(NamedTuple):
    """A flag by its name without dashes; `value` is "" for one that stands alone."""

    name: str
    value: str = ""


def without_keyword(text: str) -> str:
    """What follows the keyword."""
    return "".join(_BETWEEN.split(text.strip(BLANKS), maxsplit=1)[1:])


def split_flags(text: str) -> tuple[tuple[Flag, ...], str]:
    """The flags at the start of an instruction's arguments, and all that is behind them."""
    flags: list[Flag] = []
    left = text.lstrip(BLANKS)
    while left.startswith("--"):
        word, behind = _flag_word(left)
        left = behind.lstrip(BLANKS)
        if word == "--":
            break
        name, _, value = word[2:].partition("=")
        flags.append(Flag(name, value))
    return tuple(flags), left


def words_of(arguments: str) -> list[str]:
    """The words of the JSON form, or those between blanks: FROM, COPY and ADD know no quotes."""
    listed = json_words(arguments)
    if listed is not None:
        return listed
    return [word for word in _BETWEEN.split(arguments.strip(BLANKS)) if word]


def json_words(arguments: str) -> list[str] | None:
    """The words of the JSON form; None for another form."""
    if not arguments.startswith("["):
        return None
    try:
        words = json.loads(arguments)
    except (ValueError, RecursionError):
        return None
    return words if all(isinstance(word, str) for word in words) else None


def mount_settings(value: str) -> dict[str, str]:
    """{key: value} of a --mount, as comma-separated values with their quotes."""
    try:
        (fields,) = csv.reader([value], strict=True)
    except (csv.Error, ValueError):
        return {}
    pairs = (field.partition("=")[::2] for field in fields)
    return {key.lower(): setting for key, setting in pairs}


def _flag_word(text: str) -> tuple[str, str]:
    """The first word without quotes and backslashes, and what is behind it."""
    out: list[str] = []
    quote = ""
    at = 0
    while at < len(text):
        letter = text[at]
        at += 1
        if letter == "\\":
            out.append(text[at : at + 1])
            at += 1
        elif quote:
            quote = "" if letter == quote else quote
            out.append(letter if quote else "")
        elif letter in "'\"":
            quote = letter
        elif letter in BLANKS:
            return "".join(out), text[at:]
        else:
            out.append(letter)
    return "".join(out), ""
