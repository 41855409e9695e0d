"""A feed of a live view that needs no engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class ListFeed(Generic[T]):
    """A feed that gives a list when it is begun, and counts how often it was begun and ended."""

    def __init__(self, *items: T) -> None:
        self.items = list(items)
        self.begun = self.ended = 0

    def start(self, listener: Callable[[T], None], /) -> None:
        self.begun += 1
        while self.items:
            listener(self.items.pop(0))

    def stop(self) -> None:
        self.ended += 1
