"""Signs that a terminal's or a file's encoding lacks, in letters that all have."""

from __future__ import annotations

import codecs
from typing import Any

_PLAIN = {"✓": "+", "✗": "x", "→": "->", "…": "...", "’": "'", "–": "-", "×": "x"}
_NAME = "workbook-plain-signs"


def with_plain_signs(stream: Any) -> None:
    """From now on nothing that is written there fails for its encoding, as cp1252 has no `✓`."""
    if getattr(stream, "errors", None) == "strict" and hasattr(stream, "reconfigure"):
        stream.reconfigure(errors=_NAME)


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(_PLAIN.get(letter, "?") for letter in letters), error.end


codecs.register_error(_NAME, _plain)
