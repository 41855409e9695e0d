"""A regular expression of Go's as one of Python's, as far as a .dockerignore can hold one.

A pattern's letters reach Go's `regexp` as they are, so `\\d` is a digit and `^` the beginning.
Source: Go's regexp/syntax (the syntax that it takes, and what its escapes mean).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_TEXT_MARKS = {"A": r"\A", "z": r"\Z", "b": r"(?a:\b)", "B": r"(?a:\B)"}
_CONTROLS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_CLASSES = {
    "d": "0-9", "D": r"\x00-/:-\U0010ffff", "w": "0-9A-Za-z_",
    "W": r"\x00-/:-@\[-\^`\{-\U0010ffff", "s": r"\t\n\f\r ",
    "S": r"\x00-\x08\x0b\x0e-\x1f!-\U0010ffff",
}  # fmt: skip
_POSIX = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": r"\x00-\x7f", "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f", "digit": "0-9", "graph": "!-~", "lower": "a-z", "print": " -~",
    "punct": r"!-/:-@\[-`\{-~", "space": r"\t-\r ", "upper": "A-Z", "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_POSIX_CLASS = re.compile(r"\[:(\^?)(.*?):\]", re.DOTALL)
_HEXADECIMAL = re.compile(r"x([0-9A-Fa-f]{2})")
_OCTAL = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")


class NotGo(Exception):
    """Go would refuse it, or it holds what no path pattern needs (`\\p`, `\\Q`)."""


def python_expression(pattern: str) -> re.Pattern[str]:
    """The same expression for Python; raises NotGo.

    Groups, alternatives, braces and dots come escaped, or as the pattern's own `(.*/)?` and `.*`.
    """
    out: list[str] = []
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            piece, at = _escaped(pattern, at + 1)
        elif letter == "[":
            piece, at = _class(pattern, at + 1)
        else:
            piece, at = (r"\A" if letter == "^" else r"\]" if letter == "]" else letter), at + 1
        out.append(piece)
    return re.compile("".join(out))


def _escaped(pattern: str, at: int) -> tuple[str, int]:
    """What stands behind a backslash outside of brackets, and the place after it."""
    letter = pattern[at : at + 1]
    if letter in _TEXT_MARKS:
        return _TEXT_MARKS[letter], at + 1
    if letter in _CLASSES:
        return f"[{_CLASSES[letter]}]", at + 1
    literal, at = _literal(pattern, at)
    return re.escape(literal), at


def _literal(pattern: str, at: int) -> tuple[str, int]:
    """The one letter that an escape stands for: `\\n`, `\\x41`, `\\012`, `\\.`."""
    letter = pattern[at : at + 1]
    if letter in _CONTROLS:
        return _CONTROLS[letter], at + 1
    if match := _HEXADECIMAL.match(pattern, at):
        return chr(int(match[1], 16)), match.end()
    if match := _OCTAL.match(pattern, at):
        return chr(int(match[0], 8)), match.end()
    if not letter or not letter.isascii() or letter.isalnum():
        raise NotGo(letter)
    return letter, at + 1


def _class(pattern: str, at: int) -> tuple[str, int]:
    """A class in brackets, and the place after it; a first `]` belongs to it."""
    negation = "^" if pattern.startswith("^", at) else ""
    at = first = at + len(negation)
    out: list[str] = []
    while at == first or not pattern.startswith("]", at):
        if at >= len(pattern):
            raise NotGo("a bracket is not closed")
        piece, at = _set(pattern, at, _POSIX_CLASS.match(pattern, at)) or _range(pattern, at)
        out.append(piece)
    return f"[{negation}{''.join(out)}]", at + 1


def _set(pattern: str, at: int, posix: re.Match[str] | None) -> tuple[str, int] | None:
    """A class within a class, `[:alpha:]` or `\\d`; None for another part."""
    if posix:
        return _inside(_POSIX, posix[2], bool(posix[1])), posix.end()
    if pattern.startswith("\\", at) and pattern[at + 1 : at + 2] in _CLASSES:
        return _CLASSES[pattern[at + 1]], at + 2
    return None


def _inside(classes: Mapping[str, str], name: str, is_negated: bool) -> str:
    if name not in classes:
        raise NotGo(name)
    if not is_negated:
        return classes[name]
    known = re.compile(f"[{classes[name]}]")
    # All these classes are of ASCII, so what is beyond belongs to the opposite of each.
    others = [chr(code) for code in range(128) if not known.match(chr(code))]
    return "".join(map(re.escape, others)) + "\x80-\U0010ffff"


def _range(pattern: str, at: int) -> tuple[str, int]:
    """A letter, or all between two of them."""
    low, at = _letter(pattern, at)
    high = low
    if pattern.startswith("-", at) and pattern[at + 1 : at + 2] not in ("", "]"):
        high, at = _letter(pattern, at + 1)
    if high < low:
        raise NotGo("a range that ends before it begins")
    return (re.escape(low) if low == high else f"{re.escape(low)}-{re.escape(high)}"), at


def _letter(pattern: str, at: int) -> tuple[str, int]:
    if at >= len(pattern):
        raise NotGo("a bracket is not closed")
    return _literal(pattern, at + 1) if pattern[at] == "\\" else (pattern[at], at + 1)
