"""Text from outside (an engine, a registry, an image, a container) made fit for a screen.

What steers a terminal, hides, or turns the text round is written out: `\\x1b`, `\\u202e`. Nothing
that somebody else wrote can begin a line of the workbook's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

_Value = TypeVar("_Value")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Letters that fill a place unseen, and code points that Unicode keeps free for signs that are not
# seen (Default_Ignorable_Code_Point in its DerivedCoreProperties.txt).
_UNSEEN = frozenset({0x2065, 0x3164, 0xFFA0, *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000)})
_JOINERS = "\u200c\u200d"  # scripts and emoji need them, and they steer nothing
_COLOURS = re.compile(r"\x1b\[[0-9;:]*m")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible_line(text: str) -> str:
    """The text on one line, line breaks and tabs written out as all else that is not seen."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_SHORT.get(letter) or _visible(letter) for letter in text)


def visible_text(text: str) -> str:
    """The text with its line breaks and tabs; colours, as programs print them, are left out."""
    if text.isascii() and text.isprintable():
        return text
    plain = _COLOURS.sub("", text).replace("\r\n", "\n")
    return "".join(letter if letter in "\n\t" else _visible(letter) for letter in plain)


def visible_repr(shown: Callable[[_Value], str]) -> Callable[[_Value], str]:
    """A `__repr__` whose text is made visible: what a cell or a terminal shows of a value."""

    @wraps(shown)
    def whole(value: _Value) -> str:
        return visible_text(shown(value))

    return whole


def _visible(letter: str) -> str:
    code = ord(letter)
    is_seen = unicodedata.category(letter) not in _HIDDEN and code not in _UNSEEN
    if is_seen or letter in _JOINERS:
        return letter
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8, as surrogateescape keeps it
        code -= 0xDC00
    if code < 256:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
