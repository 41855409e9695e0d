"""A pattern for paths with `*`, `?`, `[…]` and `**`, as in a .dockerignore.

Source: moby/patternmatcher, `patternmatcher.go`, its oddities included, and Go's path/filepath,
`match.go`, by which it checks a pattern before it is used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from helpers.errors import InvalidInput
from helpers.model.build.go_regular_expression import NotGo, python_expression

_SPECIAL = re.compile(r"[*?\[\]\\]")
_ESCAPED = frozenset(".+()|{}$")
# A byte that is no UTF-8, as surrogateescape keeps it: Go's regexp reads each as this one letter.
_NO_TEXT = re.compile("[\udc80-\udcff]")
_REPLACEMENT = "\ufffd"
Kind = Literal["exact", "prefix", "suffix", "expression"]


@dataclass(frozen=True)
class PathPattern:
    """A pattern for a whole path that is relative and has slashes."""

    text: str

    @cached_property
    def is_valid(self) -> bool:
        """Whether Docker would begin with it: brackets closed, no backslash at its end."""
        return all(map(_is_chunk, _chunks(self.text)))

    def matches(self, path: str) -> bool:
        """Whether it names this very path; what is in a folder that it names is not asked here.

        Raises InvalidInput for one that Docker refuses once it is tried.
        """
        kind, _ = self._compiled
        if kind == "exact":
            return path == self.text
        if kind == "prefix":
            return path.startswith(self.text[:-2])
        if kind == "suffix":
            end = self.text[2:]
            return path.endswith(end) or (end.startswith("/") and path == end[1:])
        return self._expression.fullmatch(_NO_TEXT.sub(_REPLACEMENT, path)) is not None

    def may_match_below(self, folder: str) -> bool:
        """Whether it may name something in that folder; always for one with wildcards.

        `/*` and `/**` at its end are no such wildcards.
        Source: tonistiigi/fsutil, `filter.go`.
        """
        text = self.text.removesuffix("/**").removesuffix("/*")
        return bool(_SPECIAL.search(text)) or f"{text}/".startswith(f"{folder}/")

    def refused(self) -> InvalidInput:
        """The error for a pattern that is none."""
        step = "See to its brackets and backslashes."
        return InvalidInput(f"{self.text!r} in .dockerignore is no pattern.", step)

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        try:
            return python_expression(_NO_TEXT.sub(_REPLACEMENT, self._compiled[1]))
        except (NotGo, re.error):
            raise self.refused() from None

    @cached_property
    def _compiled(self) -> tuple[Kind, str]:
        """How it is compared, and the regular expression, as Go would read it."""
        kind: Kind = "exact"
        out: list[str] = []
        position = 0
        while position < len(self.text):
            letter, first = self.text[position], position
            position += 1
            if letter == "*":
                kind, position = _star(self.text, position, kind, out)
                kind = "suffix" if first == 0 and position > 1 else kind
            elif letter == "\\":
                out.append(self.text[first : position + 1])
                kind = "expression" if position < len(self.text) else kind
                position += 1
            else:
                kind = "expression" if letter in "?[]" else kind
                out.append(f"\\{letter}" if letter in _ESCAPED else letter)
                out[-1] = "[^/]" if letter == "?" else out[-1]
        return kind, "".join(out)


def _star(pattern: str, position: int, kind: Kind, out: list[str]) -> tuple[Kind, int]:
    """`*` stays within a part of the path, `**` does not; `**/` may also be nothing."""
    if not pattern.startswith("*", position):
        out.append("[^/]*")
        return "expression", position
    position += 1
    if pattern.startswith("/", position):
        position += 1
    if position < len(pattern):
        out += ["(.*/)?"] if out[-1:] != ["(.*/)?"] else []  # twice is as much as once
        return "expression", position
    if kind == "exact":
        return "prefix", position
    out.append(".*")
    return "expression", position


def _chunks(pattern: str) -> list[str]:
    """The parts between the stars that stand outside of brackets."""
    chunks, start, at, is_inside = [], 0, 0, False
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            at += 1
        elif letter in "[]":
            is_inside = letter == "["
        elif letter == "*" and not is_inside:
            chunks.append(pattern[start:at])
            start = at + 1
        at += 1
    return [*chunks, pattern[start:]]


def _is_chunk(chunk: str) -> bool:
    """Whether each bracket in it is closed, and each backslash has a letter behind it."""
    at = 0
    while at < len(chunk):
        letter = chunk[at]
        at += 1
        if letter == "\\":
            if at == len(chunk):
                return False
            at += 1
        elif letter == "[":
            end = _class_end(chunk, at)
            if end is None:
                return False
            at = end
    return True


def _class_end(chunk: str, at: int) -> int | None:
    """The place after the class that begins at this place; None for one that is none."""
    at += chunk.startswith("^", at)
    is_first = True
    while is_first or not chunk.startswith("]", at):
        end = _letter_end(chunk, at)
        if end is not None and chunk.startswith("-", end):
            end = _letter_end(chunk, end + 1)
        if end is None:
            return None
        at, is_first = end, False
    return at + 1


def _letter_end(chunk: str, at: int) -> int | None:
    """The place after one letter of a class; None where there is none, or nothing behind it."""
    if chunk[at : at + 1] in ("", "-", "]"):
        return None
    at += chunk[at] == "\\"
    letter = chunk[at : at + 1]
    if not letter or _NO_TEXT.match(letter) or at + 1 >= len(chunk):
        return None
    return at + 1
