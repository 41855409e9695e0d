"""The engine's events as they happen, on a thread, whatever becomes of the engine meanwhile."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from helpers.engine.base.events import LOST, close_stream
from helpers.engine.base.leased_thread import LeasedThread
from helpers.model.container.event import EngineEvent
from helpers.model.container.snapshot import Contact

if TYPE_CHECKING:
    from docker import DockerClient

STREAM_SECONDS = 60
STOP_SECONDS = 2
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2
TRIES = 150
_ANEW = "Run the cell again."
_WENT = Contact(False, "The engine does not answer. Trying again …")
_GAVE_UP = Contact(False, f"The engine does not answer. When it is back: {_ANEW}")
_log = logging.getLogger(__name__)


class OpenStream(Protocol):
    """What a reader opens its stream with."""

    def __call__(
        self, now: float, since: float | None = None
    ) -> AbstractContextManager[Iterator[EngineEvent]]:
        """The events from that moment on, or else from now; `now` is by the engine's clock."""


class EventFollower:
    """Streams of the engine's events that pass these filters, one after the other.

    The engine ends a stream after a minute, so that one whose engine is gone is noticed. Then, and
    where the engine went away, there is a new one; it is tried for five minutes. It rests ten
    minutes after the last `start`, or after `lease_seconds`.
    """

    def __init__(
        self,
        client: DockerClient,
        filters: Mapping[str, str | list[str]],
        name: str,
        lease_seconds: float | None = None,
    ) -> None:
        self._client = client
        self._filters = filters
        self._name = name
        self._stream: Any = None
        self._thread = LeasedThread(name, STOP_SECONDS, lease_seconds)

    @property
    def is_running(self) -> bool:
        """Whether its thread lives."""
        return self._thread.is_running

    def start(
        self, read: Callable[[OpenStream], bool], on_contact: Callable[[Contact], None]
    ) -> None:
        """It follows, from now on, for the time of its lease; both are called on its thread.

        `read` opens a stream, reads it to its end, and says whether that is all there is to follow.
        `on_contact` is called when the engine does not answer, and when it is given up.
        """
        self._thread.start(partial(self._run, read, on_contact))

    def stop(self) -> None:
        """No thread and no connection left; may be called from any thread, and twice."""
        self._thread.stop(lambda: close_stream(self._stream))

    def join(self, seconds: float) -> None:
        """Waits so long for its end."""
        self._thread.join(seconds)

    def _run(
        self,
        read: Callable[[OpenStream], bool],
        on_contact: Callable[[Contact], None],
        stopped: threading.Event,
    ) -> None:
        def report(contact: Contact) -> None:
            if not stopped.is_set():
                on_contact(contact)

        tries = 0
        while not self._thread.is_over(stopped) and tries < TRIES:
            try:
                if read(partial(self._open, stopped)):
                    return
                tries = 0
            except LOST:
                tries += 1
                report(_WENT if tries < TRIES else _GAVE_UP)
            except Exception as fault:
                _log.debug("%s: failed", self._name, exc_info=True)
                report(Contact(False, f"This view stopped: {fault}. {_ANEW}"))
                return
            stopped.wait(min(FIRST_PAUSE_SECONDS * 2**tries, LONGEST_PAUSE_SECONDS))

    @contextmanager
    def _open(
        self, stopped: threading.Event, now: float, since: float | None = None
    ) -> Iterator[Iterator[EngineEvent]]:
        """The events of the next minute, by the engine's clock; `stop` ends them at once."""
        stream = self._client.api.events(
            since=None if since is None else f"{since:.6f}",
            until=f"{now + STREAM_SECONDS:.6f}",
            filters=dict(self._filters),
            decode=True,
        )
        with self._thread.lock:
            self._stream = stream
            if stopped.is_set():
                close_stream(stream)
        try:
            yield map(EngineEvent.from_message, stream)
        finally:
            close_stream(stream)
