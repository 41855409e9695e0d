"""Where a live view hears what happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

Item_co = TypeVar("Item_co", covariant=True)


class Feed(Protocol[Item_co]):
    """A source of items, told on a thread of its own: `start` may be called again, `stop` twice."""

    def start(self, listener: Callable[[Item_co], None], /) -> None:
        """Begins or goes on."""

    def stop(self) -> None:
        """Ends, with nothing left of it."""
