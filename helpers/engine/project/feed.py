"""The starts of a project, told anew whenever something happened to one of its containers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from helpers.engine.base.event_follower import EventFollower, OpenStream
from helpers.engine.base.events import engine_seconds
from helpers.engine.base.leased_thread import LeasedThread, give
from helpers.engine.project.first_answers import FirstAnswers
from helpers.engine.project.memory import ProjectMemory
from helpers.engine.project.reader import ProjectReader
from helpers.errors import EngineError
from helpers.model.container.snapshot import CONNECTED, Contact
from helpers.model.project.startup import Startup

if TYPE_CHECKING:
    from docker import DockerClient

Listener = Callable[[Startup], None]
_STOP_SECONDS = 5
_LOOK_SECONDS, _LOG_SECONDS = 5.0, 0.3
_CLOCK_SECONDS = 2.0


class ProjectFeed:
    """A live feed of them. It ends ten minutes after the last `start`.

    While it runs, logs are looked into three times a second for the first answer of a container
    that runs and has given none. `newest` is what was known last.
    """

    def __init__(self, client: DockerClient, memory: ProjectMemory) -> None:
        self._client = client
        self._memory = memory
        self._reader = ProjectReader(client, memory.project)
        self._answers = FirstAnswers(client, memory)
        self._follower = EventFollower(client, self._reader.filters, "events of a project")
        self._thread = LeasedThread("starts of a project", _STOP_SECONDS)
        self._happened = threading.Event()
        self._lock = threading.Lock()
        self._touched: set[str] = set()
        self._is_whole = self._is_open = False
        self._contact = CONNECTED
        self._passed_on_at = 0.0
        self._listener: Listener | None = None
        self._read_all()
        self.newest = self._known()

    @property
    def is_running(self) -> bool:
        """Whether any of its threads lives."""
        return self._thread.is_running or self._follower.is_running

    def start(self, listener: Listener) -> None:
        """The feed running for ten more minutes; what is new goes to `listener`."""
        self._listener = listener
        self._thread.start(self._run)
        self._follower.start(self._read, self._lost)

    def stop(self) -> None:
        """No thread and no connection left; may be called from any thread, and twice."""
        self._follower.stop()
        self._thread.stop(self._happened.set)

    def _read(self, open_stream: OpenStream) -> bool:
        """The stream is open before all is read, so nothing falls between."""
        with open_stream(engine_seconds(self._client)) as events:
            self._note(frozenset(), is_whole=True)
            for event in events:
                self._note(self._memory.heard([event]))
        return False

    def _note(self, touched: frozenset[str], is_whole: bool = False) -> None:
        with self._lock:
            self._touched |= touched
            self._is_whole |= is_whole
        if touched or is_whole:
            self._happened.set()

    def _lost(self, contact: Contact) -> None:
        self._contact = contact
        self._give(replace(self.newest, contact=contact))

    def _run(self, stopped: threading.Event) -> None:
        while not self._thread.is_over(stopped):
            self._happened.wait(_LOG_SECONDS if self._is_open else _LOOK_SECONDS)
            self._happened.clear()
            if stopped.is_set():
                return
            try:
                self._read_again()
                now = self._known()
            except EngineError as error:
                self._contact = Contact(False, error.message)
                now = replace(self.newest, contact=self._contact)
            self._give(now)

    def _read_again(self) -> None:
        """What was touched since the last time, or all after the engine was away."""
        with self._lock:
            touched, self._touched = self._touched, set()
            is_whole, self._is_whole = self._is_whole, False
        if is_whole:
            self._read_all()
            self._contact = CONNECTED
        elif touched:
            self._memory.seen(self._reader.looked_at(touched))

    def _read_all(self) -> None:
        """The containers first: what happens meanwhile is among the events."""
        self._memory.seen(self._reader.members())
        self._memory.heard(self._reader.past())

    def _known(self) -> Startup:
        now = self._memory.startup(self._reader.now())
        self._is_open = self._answers.look(now)
        known = self._memory.startup(now.now)
        return replace(known, others=self._reader.others, contact=self._contact)

    def _give(self, now: Startup) -> None:
        """Where it is news, and every two seconds while the clock runs."""
        before, self.newest = self.newest, now
        is_news = replace(now, now=before.now) != before or now.is_going != before.is_going
        is_late = now.is_going and time.monotonic() - self._passed_on_at > _CLOCK_SECONDS
        if self._listener is not None and (is_news or is_late):
            self._passed_on_at = time.monotonic()
            give(self._listener, now)
