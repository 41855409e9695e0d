"""The words of a command in a cell, taken apart as a POSIX shell does, on every system.

No shell reads them: `$NAME`, `*` and `~` stay as they are, and what only a shell can do is refused
in words. `{name}` puts in the Python value of that name; what else has braces (Go templates, a
shell's own) is left alone, and so is all between single quotes.
Source: POSIX.1, Shell Command Language, 2.2 Quoting; the splitting itself is shlex's.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from helpers.errors import InvalidInput
from helpers.model.text.output import Output

_NAME = re.compile(r"(?<![{$])\{([A-Za-z_]\w*)\}(?!\})")
_SHELLS_OWN = re.compile(r"\$\(|[|<>&;`]")
_IN_A_SHELL = {
    "docker": "`!docker …` hands a line to a shell, and a terminal has one.",
    "kubectl": "A terminal has a shell: `docker exec --interactive kubernetes kubectl …` there.",
}
# Marks the place of a value until the words are apart; no text of a cell has it.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_MARKED = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


def cell_words(
    text: str, values: Mapping[str, object] | None = None, program: str = "docker"
) -> tuple[str, ...]:
    """The words; with no `values` at all braces are left alone. `program` is docker or kubectl.

    Raises InvalidInput for what no shell would take or only a shell could do, and for a name that
    is not among the values.
    """
    put_in: list[object] = []
    marked = "".join(_marked(text, values, put_in, program))
    try:
        words = shlex.split(marked)
    except ValueError as error:
        raise InvalidInput(
            f"The line is not whole: {str(error).lower()}.",
            "Each quote needs its partner, and a backslash something behind it.",
        ) from None
    return tuple(whole for word in words for whole in _filled(word, put_in))


def _marked(
    text: str, values: Mapping[str, object] | None, put_in: list[object], program: str
) -> Iterator[str]:
    """The text without comments, with a mark in place of each value."""
    quote, at = "", 0
    while at < len(text):
        letter = text[at]
        name = _NAME.match(text, at) if quote != "'" and values is not None else None
        if name and values is not None:
            put_in.append(_value(name[1], values))
            yield f"{_OPEN}{len(put_in) - 1}{_CLOSE}"
            at = name.end()
            continue
        if letter == "\\" and quote != "'":
            yield text[at : at + 2]
            at += 2
            continue
        if not quote and letter == "#" and (at == 0 or text[at - 1].isspace()):
            at = (text.find("\n", at) + len(text) + 1) % (len(text) + 1)
            continue
        if not quote and (own := _SHELLS_OWN.match(text, at)):
            raise InvalidInput(_refusal(own[0], program), _IN_A_SHELL[program])
        if letter in "'\"" and quote in ("", letter):
            quote = "" if quote else letter
        yield letter
        at += 1


def _value(name: str, values: Mapping[str, object]) -> object:
    if name not in values:
        raise InvalidInput(
            f"Python has no name `{name}` here, and `{{{name}}}` stands for its value.",
            "See to the spelling, or give it a value outside a function; "
            f"in single quotes '{{{name}}}' stays.",
        )
    return values[name]


def _refusal(operator: str, program: str) -> str:
    shown = "$(…)" if operator == "$(" else operator
    return f"`{shown}` is for a shell, and none reads this line: `%{program}` is one command."


def _filled(word: str, put_in: Sequence[object]) -> list[str]:
    """The word with the values in it; a list or lines of text that are all of it become several."""
    whole = _MARKED.fullmatch(word)
    if whole:
        value = put_in[int(whole[1])]
        if isinstance(value, Output):
            return value.split()
        if isinstance(value, (list, tuple)):
            return [_text(item) for item in value]
    return [_MARKED.sub(lambda mark: _text(put_in[int(mark[1])]), word)]


def _text(value: object) -> str:
    """A value as a word: what a container, an image or a build is called by."""
    if isinstance(value, (str, int, float, PurePath)) and not isinstance(value, bool):
        return str(value)
    for attribute in ("name", "tag"):
        if isinstance(called := getattr(value, attribute, None), str) and called:
            return called
    raise InvalidInput(
        f"{{…}} puts in a text or a number, and that value is of type {type(value).__name__}.",
        "Put the text into a variable first.",
    )
