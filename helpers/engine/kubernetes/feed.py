"""A cluster's state, told anew whenever something about it is different."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from helpers.engine.base.leased_thread import LeasedThread, give
from helpers.engine.kubernetes.reader import StateReader
from helpers.engine.kubernetes.source import ClusterSource
from helpers.errors import WorkbookError
from helpers.model.container.snapshot import Contact
from helpers.model.kubernetes.state import ClusterState

Listener = Callable[[ClusterState], None]
EVERY_SECONDS = 0.5
# A reading starts kubectl: so much of the time at most.
MOST_SHARE = 1 / 2
_STOP_SECONDS = 5


class ClusterFeed:
    """A live feed of it, twice a second where the cluster answers fast enough.

    It ends ten minutes after the last `start`. `newest` is what was known last; while the cluster
    cannot be asked, its contact says so. Raises WorkbookError where it cannot be at the beginning.
    """

    def __init__(self, source: ClusterSource, app: str = "") -> None:
        self._reader = StateReader(source, app)
        self._thread = LeasedThread("state of a cluster", _STOP_SECONDS)
        self._listener: Listener = lambda _: None
        self.newest = self._reader.read()

    @property
    def is_running(self) -> bool:
        """Whether its thread lives."""
        return self._thread.is_running

    def start(self, listener: Listener) -> None:
        """The feed running for ten more minutes; what is new goes to `listener`."""
        self._listener = listener
        self._thread.start(self._run)

    def stop(self) -> None:
        """No thread left; may be called from any thread, and twice."""
        self._thread.stop()

    def _run(self, stopped: threading.Event) -> None:
        while not self._thread.is_over(stopped):
            begun = time.monotonic()
            before, self.newest = self.newest, self._known()
            if self.newest != before and not stopped.is_set():
                give(self._listener, self.newest)
            took = time.monotonic() - begun
            stopped.wait(max(EVERY_SECONDS - took, took * (1 / MOST_SHARE - 1)))

    def _known(self) -> ClusterState:
        try:
            return self._reader.read(self.newest)
        except WorkbookError as error:
            return replace(self.newest, contact=Contact(False, error.message), programs={})
