"""Reading a slow source on another thread, so that the reader can give up."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from helpers.errors import Interrupted

NAME = "pump"
POLL_SECONDS = 0.2
_Item = TypeVar("_Item")


class Silent(Exception):
    """The source gave nothing for too long."""


def pumped(
    source: Iterable[_Item], cancelled: threading.Event, idle_seconds: float | None = None
) -> Iterator[_Item]:
    """The source's items as they come.

    Raises Interrupted once cancelled is set, Silent after idle_seconds without an item, and what
    the source itself raised. The caller closes the source; that ends the thread.
    """
    items: queue.SimpleQueue[tuple[str, _Item | Exception | None]] = queue.SimpleQueue()
    threading.Thread(target=_fill, args=(source, items), name=NAME, daemon=True).start()
    heard = time.monotonic()
    while True:
        try:
            kind, item = items.get(timeout=POLL_SECONDS)
        except queue.Empty:
            kind, item = "", None
        if cancelled.is_set():
            raise Interrupted("Interrupted; what had been begun was dropped.", "Run it again.")
        if kind == "item":
            heard = time.monotonic()
            yield item  # type: ignore[misc]
        elif kind == "end":
            return
        elif isinstance(item, Exception):
            raise item
        elif idle_seconds is not None and time.monotonic() - heard > idle_seconds:
            raise Silent


def _fill(
    source: Iterable[_Item], items: queue.SimpleQueue[tuple[str, _Item | Exception | None]]
) -> None:
    try:
        for item in source:
            items.put(("item", item))
    except Exception as error:
        items.put(("error", error))
    else:
        items.put(("end", None))
