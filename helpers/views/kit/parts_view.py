"""A live view that sends only what is new: its content is cut into parts, each with a key."""

from __future__ import annotations

import threading
from abc import abstractmethod
from typing import Any, Generic, TypeVar

from helpers.views.kit.feed import Feed
from helpers.views.kit.inert import visible_values
from helpers.views.kit.reading_view import ReadingView

Reading = TypeVar("Reading")
Parts = dict[str, dict[str, Any]]


class PartsView(ReadingView[Reading], Generic[Reading]):
    """The base of such a view; its script follows with kit/parts.js.

    A message is {kind: "parts", number, after, parts}: what is new since the one numbered `after`,
    None for a part that is gone. A page that has missed one asks {kind: "parts", number} for the
    whole, which has `after` 0.
    """

    words: dict[str, str] = {}  # noqa: RUF012

    def __init__(self, now: Reading, feed: Feed[Reading]) -> None:
        super().__init__(now, feed)
        self._turn = threading.Lock()
        self._number = 1
        self._parts: Parts = visible_values(self.parts())

    @abstractmethod
    def parts(self) -> Parts:
        """Everything that the widget draws, by key."""

    def content(self) -> dict[str, Any]:
        """All parts as they are now."""
        return {"words": self.words, "number": self._number, "parts": self._parts}

    def take(self, now: Reading) -> None:
        """The view with that reading; may be called from any thread."""
        with self._turn:
            self.now = now
            before, self._parts = self._parts, visible_values(self.parts())
            new: dict[str, Any] = dict.fromkeys(before.keys() - self._parts.keys())
            new |= {key: each for key, each in self._parts.items() if before.get(key) != each}
            if new:
                self._number += 1
                self._tell_parts(self._number - 1, new)

    def heard(self, message: dict[str, Any]) -> None:
        """A page says which number it has; where that is not the newest, it gets all."""
        with self._turn:
            if message.get("kind") == "parts" and message.get("number") != self._number:
                self._tell_parts(0, self._parts)

    def _tell_parts(self, after: int, parts: dict[str, Any]) -> None:
        self.tell({"kind": "parts", "number": self._number, "after": after, "parts": parts})
