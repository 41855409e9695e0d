"""The networks of an engine, read again where something happened to them, with what was tried."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from helpers.engine.base.event_follower import EventFollower, OpenStream
from helpers.engine.base.events import engine_seconds
from helpers.engine.base.leased_thread import LeasedThread, give
from helpers.engine.network.attempt_log import AttemptLog
from helpers.engine.network.reader import TopologyReader
from helpers.errors import EngineError
from helpers.model.container.event import EngineEvent
from helpers.model.container.snapshot import CONNECTED, Contact
from helpers.model.network.attempt import Attempt
from helpers.model.network.topology import Topology

if TYPE_CHECKING:
    from docker import DockerClient

Listener = Callable[[Topology], None]
OF_CONTAINERS = (
    "create", "start", "die", "pause", "unpause", "rename", "restart", "destroy", "remove",
)  # fmt: skip
OF_NETWORKS = ("create", "connect", "disconnect", "destroy", "remove")
_STOP_SECONDS = 5
_LOOK_SECONDS = 5


class NetworkFeed:
    """A live feed of them; what happens while one reading lasts is read together, once.

    It ends ten minutes after the last `start`. `newest` is what was read last, of the networks and
    containers with these names, or of all.
    """

    def __init__(self, client: DockerClient, log: AttemptLog, names: tuple[str, ...] = ()) -> None:
        self._client = client
        self._reader = TopologyReader(client)
        self._log = log
        self._names = names
        self._follower = EventFollower(client, {"type": ["container", "network"]}, "network events")
        self._thread = LeasedThread("map of networks", _STOP_SECONDS)
        self._happened = threading.Event()
        self._lock = threading.Lock()
        self._touched: set[str] = set()
        self._has_networks = self._is_whole = False
        self._contact = CONNECTED
        self._listener: Listener | None = None
        self.whole = self._reader.whole()

    @property
    def newest(self) -> Topology:
        """What is to be seen now."""
        now = replace(self.whole, attempts=self._log.attempts, contact=self._contact)
        return now.only(self._names)

    @property
    def is_running(self) -> bool:
        """Whether any of its threads lives."""
        return self._thread.is_running or self._follower.is_running

    def start(self, listener: Listener) -> None:
        """The feed running for ten more minutes; each reading goes to `listener`."""
        self._listener = listener
        self._log.tell(self._tried)
        self._thread.start(self._run)
        self._follower.start(self._read, self._lost)

    def stop(self) -> None:
        """No thread and no connection left; may be called from any thread, and twice."""
        self._log.forget(self._tried)
        self._follower.stop()
        self._thread.stop(self._happened.set)

    def _read(self, open_stream: OpenStream) -> bool:
        """The stream is open before all is read, so nothing falls between."""
        with open_stream(engine_seconds(self._client)) as events:
            with self._lock:
                self._is_whole = True
            self._happened.set()
            for event in events:
                self._note(event)
        return False

    def _note(self, event: EngineEvent) -> None:
        is_network = event.kind == "network"
        if event.action not in (OF_NETWORKS if is_network else OF_CONTAINERS):
            return
        with self._lock:
            self._touched |= {event.container_id} - {""}
            self._has_networks |= is_network and event.action not in ("connect", "disconnect")
        self._happened.set()

    def _lost(self, contact: Contact) -> None:
        self._contact = contact
        self._tell()

    def _tried(self, _: Attempt) -> None:
        self._tell()

    def _tell(self) -> None:
        if self._listener is not None:
            give(self._listener, self.newest)

    def _run(self, stopped: threading.Event) -> None:
        while not self._thread.is_over(stopped):
            if not self._happened.wait(_LOOK_SECONDS) or stopped.is_set():
                continue
            self._happened.clear()
            try:
                self._read_again()
                self._contact = CONNECTED
            except EngineError as error:
                self._contact = Contact(False, error.message)
            self._tell()

    def _read_again(self) -> None:
        """What was touched since the last time, or all after the engine was away."""
        with self._lock:
            touched, self._touched = frozenset(self._touched), set()
            has_networks, is_whole = self._has_networks, self._is_whole
            self._has_networks = self._is_whole = False
        mended = partial(self._reader.mended, self.whole, touched, has_networks)
        self.whole = self._reader.whole() if is_whole else mended()
