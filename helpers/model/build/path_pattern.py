"""A pattern for paths with `*`, `?`, `[…]` and `**`, as in a .dockerignore.

Source: moby/patternmatcher, `patternmatcher.go`, its oddities included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

_SPECIAL = re.compile(r"[*?\[\]\\]")


@dataclass(frozen=True)
class PathPattern:
    """A pattern for a whole path that is relative and has slashes."""

    text: str

    @cached_property
    def is_valid(self) -> bool:
        """Whether Docker would take it: brackets closed, no backslash at its end."""
        try:
            re.compile(_regular_expression(self.text))
        except re.error:
            return False
        return True

    def matches(self, path: str) -> bool:
        """Whether it names this very path; what is in a folder that it names is not asked here."""
        plain = not _SPECIAL.search(self.text)
        if plain:
            return path == self.text
        if self.text.startswith("**") and not _SPECIAL.search(self.text[2:]):
            end = self.text[2:]
            return path.endswith(end) or (end.startswith("/") and path == end[1:])
        if self.text.endswith("**") and not _SPECIAL.search(self.text[:-2]):
            return path.startswith(self.text[:-2])
        return self._expression.fullmatch(path) is not None

    def may_match_below(self, folder: str) -> bool:
        """Whether it may name something in that folder; always for one with wildcards.

        `/*` and `/**` at its end are no such wildcards.
        Source: tonistiigi/fsutil, `filter.go`.
        """
        text = self.text.removesuffix("/**").removesuffix("/*")
        return bool(_SPECIAL.search(text)) or f"{text}/".startswith(f"{folder}/")

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile(_regular_expression(self.text))


def _regular_expression(pattern: str) -> str:
    """The pattern as a regular expression; raises re.error where there is none."""
    out: list[str] = []
    position = 0
    while position < len(pattern):
        letter = pattern[position]
        position += 1
        if letter == "*":
            position = _star(pattern, position, out)
        elif letter == "?":
            out.append("[^/]")
        elif letter == "\\":
            if position == len(pattern):
                raise re.error("a backslash at the end")
            out.append(re.escape(pattern[position]))
            position += 1
        elif letter == "[":
            position = _brackets(pattern, position, out)
        else:
            out.append(re.escape(letter))
    return "".join(out)


def _star(pattern: str, position: int, out: list[str]) -> int:
    """`*` stays within a part of the path, `**` does not; `**/` may also be nothing."""
    if not pattern.startswith("*", position):
        out.append("[^/]*")
        return position
    position += 1
    if pattern.startswith("/", position):
        position += 1
    out.append(".*" if position >= len(pattern) else "(?:.*/)?")
    return position


def _brackets(pattern: str, position: int, out: list[str]) -> int:
    """A class of characters; `^` at its begin means all others."""
    end = position + 1
    while end < len(pattern) and pattern[end] != "]":
        end += 2 if pattern[end] == "\\" else 1
    if end >= len(pattern):
        raise re.error("a bracket is not closed")
    inside = pattern[position:end]
    for letter in "[&~|":
        inside = inside.replace(letter, f"\\{letter}")
    out.append(f"[{inside}]")
    return end + 1
