"""Words of a Dockerfile: split, unquoted, and with their variables filled in.

Source: BuildKit's frontend/dockerfile (`shell/lex.go`, `parser/line_parsers.go`). What is not told
here before the build, or is no variable to the builder either, stays as it was written: the
builder's own words are better than a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpers.model.build.dockerfile_lines import BLANKS

Values = Mapping[str, str | None]
# A name, a number, or one of the shell's own parameters, which no builder fills in.
_NAME = re.compile(r"[^\W\d]\w*|\d+|[@*#?$!-]")
_MOST_NESTED = 100
_MODIFIER = re.compile(r":?[-+]")
# The builder knows their values, and who asks it does not.
_BUILDERS_OWN = re.compile(r"(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)|TARGETSTAGE")


class _Untold(Exception):
    """What a word means cannot be told before the build."""


def split_words(text: str, escape: str = "\\") -> list[str]:
    """The words between blanks, quotes and escapes kept, as ARG and ENV take them."""
    mark, blank = re.escape(escape), f"[{re.escape(BLANKS)}]"
    quoted = rf"'(?:{mark}.|[^'])*(?:'|$)|\"(?:{mark}.|[^\"])*(?:\"|$)"
    return re.findall(rf"(?:{quoted}|{mark}.|(?!{blank}).)+", text, re.DOTALL)


def expanded(word: str, values: Values, escape: str = "\\") -> str:
    """The word without its quotes, its variables filled in; itself where that cannot be told.

    A value of None is a variable that has none; one that is not named has none either, unless it
    is the builder's own.
    """
    try:
        return _Word(word, values, escape).until("")
    except _Untold:
        return word


def unquoted(word: str, escape: str = "\\") -> str | None:
    """The word without its quotes; None for one with a variable in it."""
    try:
        return _Word(word, None, escape).until("")
    except _Untold:
        return None


class _Word:
    """A word that is read from its left to its right."""

    def __init__(self, text: str, values: Values | None, escape: str) -> None:
        self._text, self._values, self._escape = text, values, escape
        self._at = self._nested = 0

    def until(self, stop: str) -> str:
        """What comes up to that character, or to the end."""
        out: list[str] = []
        while self._at < len(self._text):
            letter = self._next()
            if letter == stop:
                return "".join(out)
            out.append(self._read(letter))
        if stop:
            raise _Untold
        return "".join(out)

    def _next(self) -> str:
        letter = self._text[self._at : self._at + 1]
        self._at += 1
        return letter

    def _read(self, letter: str) -> str:
        if letter == "'":
            return self._single_quoted()
        if letter == '"':
            return self._double_quoted()
        if letter == "$":
            return self._variable()
        return self._next() if letter == self._escape else letter

    def _single_quoted(self) -> str:
        end = self._text.find("'", self._at)
        if end < 0:
            raise _Untold
        inside = self._text[self._at : end]
        self._at = end + 1
        return inside

    def _double_quoted(self) -> str:
        out: list[str] = []
        while letter := self._next():
            if letter == '"':
                return "".join(out)
            if letter == "$":
                out.append(self._variable())
            elif letter == self._escape and self._text[self._at : self._at + 1] in (
                '"', "$", self._escape,
            ):  # fmt: skip
                out.append(self._next())
            else:
                out.append(letter)
        raise _Untold

    def _variable(self) -> str:
        if self._values is None:
            raise _Untold
        in_braces = self._text.startswith("{", self._at)
        self._at += in_braces
        name = self._name()
        if not in_braces:
            return (self._value(name) or "") if name else "$"
        if modifier := _MODIFIER.match(self._text, self._at):
            self._at = modifier.end()
            return self._chosen(self._value(name), modifier[0], self._alternative())
        if not name or self._next() != "}":
            raise _Untold
        return self._value(name) or ""

    def _alternative(self) -> str:
        """What stands behind a modifier, up to the brace that ends it."""
        self._nested += 1
        if self._nested > _MOST_NESTED:
            raise _Untold
        word = self.until("}")
        self._nested -= 1
        return word

    def _name(self) -> str:
        match = _NAME.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return match[0] if match else ""

    def _value(self, name: str) -> str | None:
        known = self._values or {}
        is_own = name not in known and _BUILDERS_OWN.fullmatch(name)
        if is_own or not (name[:1].isalpha() or name[:1] == "_"):
            raise _Untold
        return known.get(name)

    @staticmethod
    def _chosen(value: str | None, modifier: str, word: str) -> str:
        """What `${NAME:-word}` and its kin come to; with a colon, an empty value is none."""
        has_value = bool(value) if modifier.startswith(":") else value is not None
        if modifier.endswith("+"):
            return word if has_value else ""
        return (value or "") if has_value else word
