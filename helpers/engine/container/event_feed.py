"""What happens to one container, told as it happens, from a thread that reads the engine."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from docker.errors import NotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.events import LOST, close_stream, engine_seconds, events_of
from helpers.engine.base.leased_thread import LeasedThread, give
from helpers.engine.container.container import Container, client_of
from helpers.model.container.event import EngineEvent
from helpers.model.container.snapshot import CONNECTED, Contact, Gone, Snapshot
from helpers.model.text.command_line import docker_line

STREAM_SECONDS = 60
STOP_SECONDS = 2
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5
TRIES = 60
_LOOKED_AFTER = ("die", "update")
_ANEW = "Run the cell again."
_WENT = Contact(False, "The engine does not answer. Trying again …")
_GAVE_UP = Contact(False, f"The engine does not answer. When it is back: {_ANEW}")
_log = logging.getLogger(__name__)

Item = EngineEvent | Snapshot | Contact | Gone


class EventFeed:
    """A live feed of a container's events, snapshots after some of them, and the engine's absence.

    It ends by itself once the container is removed, or ten minutes after the last `start`.
    """

    def __init__(self, container: Container) -> None:
        self._client = client_of(container)
        self._id = container.id
        self._since = 0.0
        self._stream: Any = None
        self._thread = LeasedThread(f"events of {self._id[:12]}", STOP_SECONDS)

    @property
    def is_running(self) -> bool:
        """Whether its thread lives."""
        return self._thread.is_running

    def so_far(self) -> tuple[list[EngineEvent], Snapshot | Gone]:
        """What the engine still knows of its past, and what it is now; raises EngineGone."""
        with translated(docker_line("events", "--filter", f"container={self._id[:12]}")):
            return self._past(), self._look()

    def start(self, on_item: Callable[[Item], None]) -> None:
        """The feed running for ten more minutes; each item goes to `on_item`, on its thread.

        Nothing that happens while it rests is lost but what the engine forgets. An error in
        `on_item` ends neither the feed nor anything else; it is logged.
        """
        self._thread.start(partial(self._run, on_item))

    def stop(self) -> None:
        """No thread and no connection left; may be called from any thread, and twice."""
        self._thread.stop(lambda: close_stream(self._stream))

    def _run(self, on_item: Callable[[Item], None], stopped: threading.Event) -> None:
        tries = 0
        while not self._thread.is_over(stopped) and tries < TRIES:
            try:
                if self._read(on_item, stopped):
                    return
                tries = 0
            except LOST:
                tries += 1
                if not stopped.is_set():
                    give(on_item, _WENT if tries < TRIES else _GAVE_UP)
            except Exception as fault:
                if not stopped.is_set():
                    _log.debug("the feed of %s failed", self._id, exc_info=True)
                    give(on_item, Contact(False, f"This view stopped: {fault}. {_ANEW}"))
                return
            stopped.wait(min(FIRST_PAUSE_SECONDS * 2**tries, LONGEST_PAUSE_SECONDS))

    def _read(self, on_item: Callable[[Item], None], stopped: threading.Event) -> bool:
        """Whether the container is gone for good; False once the stream has ended.

        The stream is open before the past is read and the container looked at, so nothing falls
        between; what comes twice is no matter.
        """
        stream = self._open(stopped)
        try:
            past, seen = self._past(), self._look()
            for item in (CONNECTED, *past, seen):
                give(on_item, item)
            if isinstance(seen, Gone):
                return True
            return any(self._passed_on(message, on_item) for message in stream)
        finally:
            close_stream(stream)

    def _open(self, stopped: threading.Event) -> Any:
        """The engine's stream for the next minute.

        The engine itself ends it then, by its own clock, which may differ from this machine's.
        """
        until = engine_seconds(self._client) + STREAM_SECONDS
        stream = self._client.api.events(
            until=f"{until:.6f}",
            filters={"container": self._id},
            decode=True,
        )
        with self._thread.lock:
            self._stream = stream
            if stopped.is_set():
                close_stream(stream)
        return stream

    def _passed_on(self, message: dict[str, Any], on_item: Callable[[Item], None]) -> bool:
        event = EngineEvent.from_message(message)
        self._note_time(event)
        give(on_item, event)
        if event.action in _LOOKED_AFTER and event.kind == "container":
            seen = self._look(after=event)
            if isinstance(seen, Snapshot):
                give(on_item, seen)
        return event.action == "destroy"

    def _look(self, after: EngineEvent | None = None) -> Snapshot | Gone:
        try:
            return Snapshot.from_inspect(self._client.api.inspect_container(self._id), after)
        except NotFound:
            return Gone()

    def _past(self) -> list[EngineEvent]:
        """The events since the newest that is known, or all that the engine remembers."""
        events = events_of(self._client, self._id, self._since or None)
        for event in events:
            self._note_time(event)
        return events

    def _note_time(self, event: EngineEvent) -> None:
        """What comes next is asked for from just before that event, if it is the newest."""
        self._since = max(self._since, event.at - 1e-6)
