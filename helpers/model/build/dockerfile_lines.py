"""The text of a Dockerfile in lines as BuildKit counts and joins them, heredocs among them.

Source: BuildKit's frontend/dockerfile/parser (`parser.go`, `directives.go`): a line ends at a line
feed and nowhere else, and only blanks of Go's `unicode.IsSpace` are blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

BLANKS = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + (
    "\u2028\u2029\u202f\u205f\u3000"
)  # fmt: skip
_DIRECTIVE = re.compile(r"#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*$", re.ASCII)
_DIRECTIVES = frozenset(("escape", "syntax", "check"))
_ESCAPES = ("\\", "`")
# A word as a shell reads it, its quotes kept; the space after << belongs to it.
_WORD = re.compile(r"""(?:<<-?\s*|\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\])+""")
_HEREDOC = re.compile(r"\d*<<(-?)\s*([^<]+)")
_QUOTING = re.compile(r"""\\(.)|['"]""")
_TAKES_HEREDOC = frozenset(("RUN", "COPY", "ADD"))


class LogicalLine(NamedTuple):
    """An instruction in one line, the numbers of its first and last from 1, its heredocs' text."""

    number: int
    last: int
    text: str
    heredoc: str = ""


def written_lines(text: str) -> list[str]:
    """The lines of a Dockerfile as they are counted, without their ends."""
    return [line.rstrip("\r") for line in _lines(text.removesuffix("\n"))]


def directives_of(text: str) -> dict[str, str]:
    """{name: value} of the comments at the very top that the parser obeys."""
    known: dict[str, str] = {}
    for line in _lines(text):
        match = _DIRECTIVE.match(line.lstrip(BLANKS).rstrip("\r"))
        if not match or match[1].lower() not in _DIRECTIVES:
            break
        known.setdefault(match[1].lower(), match[2])
    return known


def escape_of(text: str) -> str:
    """The character that continues a line and escapes in it: a backslash, or a backtick."""
    asked = directives_of(text).get("escape", "")
    return asked if asked in _ESCAPES else _ESCAPES[0]


def logical_lines(text: str) -> Iterator[LogicalLine]:
    """The instructions of a Dockerfile, whatever they are."""
    lines, continued = _lines(text), _continuation(escape_of(text))
    position = 0
    while position < len(lines):
        first = position
        words, position = _joined(lines, position, continued)
        if not words:
            continue
        heredoc, position = _heredocs(words, lines, position)
        yield LogicalLine(first + 1, position, words, heredoc)


def first_word(text: str) -> str:
    """The keyword that a line begins with, in capitals."""
    return re.split(r"[\t\v\f\r ]", text, maxsplit=1)[0].upper()


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").split("\n")


def _continuation(escape: str) -> re.Pattern[str]:
    """What is at the end of a line that goes on: the escape, unless it is escaped itself."""
    mark = re.escape(escape)
    return re.compile(rf"(?:(?<=[^{mark}])|^){mark}[ \t]*\Z")


def _joined(lines: list[str], position: int, continued: re.Pattern[str]) -> tuple[str, int]:
    """The instruction that begins at this place, and the place after it; "" for none.

    The builder keeps each blank where two lines meet; here they are one.
    """
    text = ""
    first = position
    while position < len(lines):
        line = lines[position].rstrip("\r")
        position += 1
        if line.lstrip(BLANKS).startswith("#") or not line.strip(BLANKS):
            if position == first + 1:
                return "", position
            continue
        kept = continued.sub("", line)
        text = _met(text, kept) if position > first + 1 else kept
        if kept == line:
            break
    return text.strip(BLANKS), position


def _met(left: str, right: str) -> str:
    """Two lines as one: what stands without a blank between stays one word."""
    if left.rstrip(BLANKS) == left and right.lstrip(BLANKS) == right:
        return left + right
    return f"{left.rstrip(BLANKS)} {right.lstrip(BLANKS)}"


def _heredocs(words: str, lines: list[str], position: int) -> tuple[str, int]:
    """The heredocs that begin at this place, and the place after them.

    One that never ends is none: the builder refuses it, and what follows is worth a look.
    """
    body: list[str] = []
    for dash, end in _heredoc_ends(words):
        left = (line.rstrip("\r") for line in lines[position:])
        ends = (line.lstrip("\t") if dash else line for line in left)
        length = next((count for count, line in enumerate(ends) if line == end), None)
        if length is None:
            break
        body += lines[position : position + length]
        position += length + 1
    return "\n".join(body), position


def _heredoc_ends(words: str) -> Iterator[tuple[str, str]]:
    """("-" or "", the line that ends it) of each heredoc; none where a quote is left open.

    A heredoc is a word of its own outside of quotes, so `<<<` and `a<<b` are none.
    """
    keyword = first_word(words)
    if keyword == "ONBUILD":
        keyword = first_word(words[len(keyword) :].lstrip(BLANKS))
    if keyword not in _TAKES_HEREDOC or _WORD.sub("", words).strip():
        return
    for word in _WORD.findall(words):
        if match := _HEREDOC.fullmatch(word):
            yield match[1], _QUOTING.sub(lambda quoting: quoting[1] or "", match[2])
