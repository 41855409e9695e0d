"""Looks at a push or a pull that is over: what they come to never makes it a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from helpers.errors import WorkbookError

_Seen = TypeVar("_Seen")


class Afterwards:
    """What was looked at, with a note on each look that failed."""

    def __init__(self) -> None:
        self._notes: list[str] = []

    def look(self, ask: Callable[[], _Seen], otherwise: _Seen) -> _Seen:
        """What that look gives; `otherwise`, and a note, where it fails."""
        try:
            return ask()
        except WorkbookError as error:
            self._notes.append(f"It is done; a look at it afterwards failed: {error.message}")
            return otherwise

    @property
    def note(self) -> str:
        """The notes in one line, each once; empty where all went well."""
        return " ".join(dict.fromkeys(self._notes))
