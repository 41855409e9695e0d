"""Where a live view hears what happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

Item_co = TypeVar("Item_co", covariant=True)


class Feed(Protocol[Item_co]):
    """Items, passed on by a thread of its own; `start` may be called again, and `stop` twice."""

    def start(self, listener: Callable[[Item_co], None], /) -> None:
        """From now on the listener gets each item; a second call makes it last longer."""

    def stop(self) -> None:
        """Ends, with nothing left of it."""
