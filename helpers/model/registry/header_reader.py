"""A header's value read from left to right, each character a fixed number of times.

Source: RFC 9110, section 5.6 (tokens, quoted strings, parameters).
"""

from __future__ import annotations

import re

MOST_CHARACTERS = 1 << 16  # a server may send a header in a hundred parts of that
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]++")
# Servers leave the quotes out where a value is no token, as around an address.
_UNQUOTED = re.compile(r"[!#-+\--:<-~]++")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class HeaderReader:
    """A position in a header's value; each method takes what stands there and goes on behind it.

    What is too long to be meant is read as empty.
    """

    def __init__(self, value: str) -> None:
        self._value = value if len(value) <= MOST_CHARACTERS else ""
        self._position = 0

    @property
    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return self._position >= len(self._value)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What fits the pattern here; None where nothing does."""
        if match := pattern.match(self._value, self._position):
            self._position = match.end()
        return match

    def skip(self, characters: str) -> None:
        """Leaves these characters behind, however many there are."""
        while not self.is_at_end and self._value[self._position] in characters:
            self._position += 1

    def token(self) -> str:
        """A word; empty where none begins here."""
        match = self.take(_TOKEN)
        return match[0] if match else ""

    def value(self) -> str | None:
        """What stands behind an equals sign, quoted or not; None where there is no such sign."""
        start = self._position
        self.skip(" \t")
        if self.is_at_end or self._value[self._position] != "=":
            self._position = start
            return None
        self._position += 1
        self.skip(" \t")
        if match := self.take(_QUOTED):
            return _ESCAPED.sub(r"\1", match[1])
        match = self.take(_UNQUOTED)
        return match[0] if match else ""

    def give_up(self) -> None:
        """Leaves the rest behind: it follows no grammar."""
        self._position = len(self._value)
