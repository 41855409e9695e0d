"""What happens to one container, as it happens, with looks at it in between."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from docker.errors import NotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.event_follower import EventFollower, OpenStream
from helpers.engine.base.events import engine_seconds, events_of
from helpers.engine.base.leased_thread import give
from helpers.engine.container.container import Container, client_of
from helpers.model.container.event import EngineEvent
from helpers.model.container.snapshot import CONNECTED, Contact, Gone, Snapshot
from helpers.model.text.command_line import docker_line

_LOOKED_AFTER = ("die", "update")

Item = EngineEvent | Snapshot | Contact | Gone


class EventFeed:
    """A live feed of a container's events, snapshots after some of them, and the engine's absence.

    It ends by itself once the container is removed, or ten minutes after the last `start`.
    """

    def __init__(self, container: Container) -> None:
        self._client = client_of(container)
        self._id = container.id
        self._since = 0.0
        self._follower = EventFollower(
            self._client, {"container": self._id}, f"events of {self._id[:12]}"
        )

    @property
    def is_running(self) -> bool:
        """Whether its thread lives."""
        return self._follower.is_running

    def so_far(self) -> tuple[list[EngineEvent], Snapshot | Gone]:
        """What the engine still knows of its past, and what it is now; raises EngineGone."""
        with translated(docker_line("events", "--filter", f"container={self._id[:12]}")):
            return self._past(), self._look()

    def start(self, on_item: Callable[[Item], None]) -> None:
        """The feed running for ten more minutes; each item goes to `on_item`, on its thread.

        Nothing that happens while it rests is lost but what the engine forgets. An error in
        `on_item` ends neither the feed nor anything else; it is logged.
        """
        self._follower.start(partial(self._read, on_item), partial(give, on_item))

    def stop(self) -> None:
        """No thread and no connection left; may be called from any thread, and twice."""
        self._follower.stop()

    def _read(self, on_item: Callable[[Item], None], open_stream: OpenStream) -> bool:
        """Whether the container is gone for good; False once the stream has ended.

        The stream is open before the past is read and the container looked at, so nothing falls
        between; what comes twice is no matter.
        """
        with open_stream(engine_seconds(self._client)) as events:
            past, seen = self._past(), self._look()
            for item in (CONNECTED, *past, seen):
                give(on_item, item)
            if isinstance(seen, Gone):
                return True
            return any(self._passed_on(event, on_item) for event in events)

    def _passed_on(self, event: EngineEvent, on_item: Callable[[Item], None]) -> bool:
        """Whether that was its last event, once it was passed on."""
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
