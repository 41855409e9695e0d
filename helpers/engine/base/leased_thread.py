"""A thread for as long as somebody wants it: what live feeds run on."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

Item = TypeVar("Item")
LEASE_SECONDS = 600
_log = logging.getLogger(__name__)


class LeasedThread:
    """A thread that ends ten minutes after the last `start` or `renew`, or at `stop`.

    Any thread calls them. `lock` is held while it is started and stopped. `join_seconds` is how
    long `stop` waits for it; `lease_seconds` is another lease than ten minutes.
    """

    def __init__(self, name: str, join_seconds: float, lease_seconds: float | None = None) -> None:
        self.lock = threading.RLock()
        self._name = name
        self._join_seconds = join_seconds
        self._lease_seconds = lease_seconds
        self._expires = 0.0
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether it lives."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, run: Callable[[threading.Event], None]) -> None:
        """A whole lease for it; where it does not run, `run` begins, with what tells its end."""
        with self.lock:
            self.renew()
            if self.is_running and not self._stopped.is_set():
                return
            self._stopped = threading.Event()
            self._thread = threading.Thread(
                target=run, args=(self._stopped,), name=self._name, daemon=True
            )
            self._thread.start()

    def renew(self) -> None:
        """A whole lease for it, from now; nothing where it has ended."""
        lease = LEASE_SECONDS if self._lease_seconds is None else self._lease_seconds
        self._expires = time.monotonic() + lease

    def is_over(self, stopped: threading.Event) -> bool:
        """Whether the run that was given this event has to end."""
        return stopped.is_set() or time.monotonic() >= self._expires

    def stop(self, close: Callable[[], None] = lambda: None) -> None:
        """Ended, after `close` has taken away what it may be waiting for; may be called twice."""
        with self.lock:
            self._stopped.set()
            close()
        self.join(self._join_seconds)

    def join(self, seconds: float) -> None:
        """Waits so long for its end, unless it is the thread that asks."""
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(seconds)


def give(listener: Callable[[Item], None], item: Item) -> None:
    """Passes the item on; an error of the listener ends nothing, and is logged."""
    try:
        listener(item)
    except Exception:
        _log.debug("a listener failed on %r", item, exc_info=True)
