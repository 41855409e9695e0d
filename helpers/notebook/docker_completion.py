"""What Tab offers behind `%docker`: what the docker command itself would offer in a terminal."""

from __future__ import annotations

import re
import shlex
from typing import Any

from helpers.engine.command.completion import offered
from helpers.errors import InvalidInput
from helpers.notebook.session import current_engine

BEGINNING = re.compile(r"^\s*(?:\w+\s*=\s*)?%{0,2}docker\s+")


def completions(shell: Any, event: Any) -> list[str]:
    """Subcommands, options and the names of objects that may stand where the cursor is.

    `event` has `text_until_cursor`, and in `symbol` the part of it that is to be replaced.
    """
    try:
        endpoint = current_engine().endpoint
    except InvalidInput:
        return []
    typed = BEGINNING.sub("", event.text_until_cursor.splitlines()[-1], count=1)
    words = _words(typed)
    last = words.pop() if words and not typed[-1:].isspace() else ""
    kept = len(last) - len(event.symbol) if last.endswith(event.symbol) else 0
    return [offer[kept:] for offer in offered(endpoint, words, last)]


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
