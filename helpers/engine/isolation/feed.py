"""Two containers' walls, read again whenever something happens to one of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from helpers.engine.base.leased_thread import LeasedThread, give
from helpers.engine.container.container import Container
from helpers.engine.container.event_feed import EventFeed, Item
from helpers.engine.isolation.reader import WallReader
from helpers.errors import EngineError
from helpers.model.container.event import EngineEvent
from helpers.model.container.snapshot import Contact
from helpers.model.isolation.walls import SideBySide

CHANGES = ("start", "die", "pause", "unpause", "update", "rename", "destroy")
_STOP_SECONDS = 5
_LOOK_SECONDS = 5


class IsolationFeed:
    """A live feed of both: one reading after each event that can change walls.

    It ends ten minutes after the last `start`. `newest` is what was read last.
    """

    def __init__(self, reader: WallReader, a: Container, b: Container) -> None:
        self._reader = reader
        self._ids = (a.id, b.id)
        self._feeds = [EventFeed(each) for each in ((a,) if a.id == b.id else (a, b))]
        self._thread = LeasedThread("walls of two containers", _STOP_SECONDS)
        self._happened = threading.Event()
        self.newest = reader.side_by_side(*self._ids)

    @property
    def is_running(self) -> bool:
        """Whether any of its threads lives."""
        return self._thread.is_running or any(feed.is_running for feed in self._feeds)

    def start(self, listener: Callable[[SideBySide], None]) -> None:
        """The feed running for ten more minutes; each reading goes to `listener`, on its thread."""
        self._thread.start(partial(self._run, listener))
        for feed in self._feeds:
            feed.start(partial(self._hear, listener))

    def stop(self) -> None:
        """No thread and no connection left; may be called from any thread, and twice."""
        for feed in self._feeds:
            feed.stop()
        self._thread.stop(self._happened.set)

    def _hear(self, listener: Callable[[SideBySide], None], item: Item) -> None:
        if isinstance(item, Contact) and not item.connected:
            self.newest = replace(self.newest, contact=item)
            give(listener, self.newest)
        elif not isinstance(item, EngineEvent) or item.action in CHANGES:
            self._happened.set()

    def _run(self, listener: Callable[[SideBySide], None], stopped: threading.Event) -> None:
        while not self._thread.is_over(stopped):
            if not self._happened.wait(_LOOK_SECONDS) or stopped.is_set():
                continue
            self._happened.clear()
            try:
                self.newest = self._reader.side_by_side(*self._ids)
            except EngineError as error:
                self.newest = replace(self.newest, contact=Contact(False, error.message))
            give(listener, self.newest)
