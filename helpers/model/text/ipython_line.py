"""Lines of a shell that IPython leaves as they are behind `!`.

There, `{expression}` is evaluated as Python and `$name` looked up, before a shell sees the line.
Source: IPython.utils.text, FullEvalFormatter and DollarFormatter. Where one expression cannot be
read, IPython leaves the whole line alone; the first one decides, since none is read after it.
"""

from __future__ import annotations

import re
import shlex
import string
import warnings
from collections.abc import Sequence

_NAME_FOLLOWS = re.compile(r"\$(?=[\w.$])")


def is_left_alone(line: str) -> bool:
    """Whether `!` hands the line to a shell without reading anything of it."""
    try:
        for text, expression, detail, _ in string.Formatter().parse(line):
            if expression is not None:
                return not _is_python(f"{expression}:{detail}" if detail else expression)
            if text != line:  # doubled braces: each pair becomes one
                return False
    except ValueError:  # braces that belong to nothing
        return True
    marks = [match.start() for match in _NAME_FOLLOWS.finditer(line)]
    return all(line.count("'", at) % 2 for at in marks)


def left_alone(words: Sequence[str]) -> str:
    """The words as one shell line, in which nothing is anything to IPython.

    Braces, dollars and what follows them have a backslash, which a shell takes away, and with
    which no Python expression and no name begins.
    """
    written: list[str] = []
    follows = False
    for word in words:
        shown, follows = _written(word, follows)
        written.append(shown)
    return " ".join(written)


def _written(word: str, follows: bool) -> tuple[str, bool]:
    """The word in a shell's quoting, and whether its end is a brace or a dollar."""
    parts: list[str] = []
    plain = ""
    for letter in word:
        if letter in "{}$" or (follows and letter != "\n"):
            parts += [shlex.quote(plain)] if plain else []
            parts.append(f"\\{letter}")
            plain = ""
        else:
            plain += letter
        follows = letter in "{$"
    parts += [shlex.quote(plain)] if plain or not word else []
    return "".join(parts), follows


def _is_python(expression: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(expression.lstrip(" \t"), "!", "eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            return False
    return True
