"""Which containers there are and what becomes of them, told from a thread that hears the engine."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from docker.errors import NotFound

from helpers.engine.base.events import LOST, close_stream, seconds_since_1970
from helpers.engine.usage.siblings import sibling
from helpers.engine.usage.watched import ALIVE, DESTROYS, Give, Scan, Watched, is_life_event
from helpers.model.container.event import EngineEvent
from helpers.model.container.snapshot import CONNECTED, Contact

if TYPE_CHECKING:
    from docker import DockerClient

STREAM_SECONDS = 60
STOP_SECONDS = 2
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2
TRIES = 150
INSPECTORS = 4
_ANEW = "Run the cell again."
_WENT = Contact(False, "The engine does not answer. Trying again …")
_GAVE_UP = Contact(False, f"The engine does not answer. When it is back: {_ANEW}")
_LOOKED_AFTER = ("start", "restart", "die", "update")
_log = logging.getLogger(__name__)


class Watcher:
    """Scans and events of the containers with these ids, or of all that run, from a thread.

    With `looks` it finds out where their counters lie on this machine. Where the engine goes away
    it says so, tries again for five minutes, and then begins with a new scan.
    """

    def __init__(
        self, client: DockerClient, ids: Sequence[str] | None, give: Give, looks: bool = True
    ) -> None:
        self._client = client
        self._ids = None if ids is None else frozenset(ids)
        self._give = give
        self._looks = looks
        self._known: dict[str, Watched] = {}
        self._since: float | None = None
        self._stopped = threading.Event()
        self._stream: Any = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="containers' events", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No thread and no connection left."""
        with self._lock:
            self._stopped.set()
            close_stream(self._stream)
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        tries = 0
        while not self._stopped.is_set() and tries < TRIES:
            try:
                self._follow()
                tries = 0
                self._stopped.wait(FIRST_PAUSE_SECONDS)
            except LOST:
                tries += 1
                self._say(_WENT if tries < TRIES else _GAVE_UP)
                self._stopped.wait(min(FIRST_PAUSE_SECONDS * 2**tries, LONGEST_PAUSE_SECONDS))
            except Exception as fault:
                _log.debug("the watch failed", exc_info=True)
                self._say(Contact(False, f"This view stopped: {fault}. {_ANEW}"))
                return

    def _say(self, contact: Contact) -> None:
        if not self._stopped.is_set():
            self._give(contact)

    def _follow(self) -> None:
        """Everything until the stream ends; it is open before the scan, so nothing falls between.

        It begins with the newest event known, so nothing falls between two streams either.

        The engine ends it after a minute. It may also have ended because the engine did: the next
        call finds that out.
        """
        info = self._client.info()
        now = seconds_since_1970(info["SystemTime"])
        self._since = begin = now if self._since is None else self._since
        stream = self._open(begin - 1e-6, now + STREAM_SECONDS)
        try:
            self._give(Scan(tuple(self._scan()), int(info["MemTotal"])))
            self._give(CONNECTED)
            for message in stream:
                event = EngineEvent.from_message(message)
                if event.at > begin:
                    self._pass_on(event)
        finally:
            close_stream(stream)

    def _open(self, since: float, until: float) -> Any:
        stream = self._client.api.events(
            since=f"{since:.6f}",
            until=f"{until:.6f}",
            filters={"type": "container"},
            decode=True,
        )
        with self._lock:
            self._stream = stream
            if self._stopped.is_set():
                close_stream(stream)
        return stream

    def _scan(self) -> list[Watched]:
        """All that is watched; what the list says unchanged of a container is not asked again."""
        listed = {item["Id"]: item for item in self._client.api.containers(all=True)}
        wanted = [key for key, item in listed.items() if self._is_wanted(key, item["State"])]
        changed = [key for key in wanted if not self._is_known(listed[key])]
        looks = self._looked_at([listed[key] for key in changed])
        kept = [self._known[key] for key in wanted if key not in changed]
        self._known = {new.id: new for new in (*kept, *looks) if new is not None}
        return list(self._known.values())

    def _looked_at(self, items: list[dict[str, Any]]) -> list[Watched | None]:
        """One of them inspected; those that lie as it does found by that, the others inspected."""
        alive = [item for item in items if item["State"] in ALIVE]
        first = self._look(alive[0]["Id"]) if alive else None
        looks = {item["Id"]: sibling(first, item) for item in alive} if first else {}
        looks |= {first.id: first} if first else {}
        others = [item["Id"] for item in items if not looks.get(item["Id"])]
        with ThreadPoolExecutor(INSPECTORS) as inspectors:
            return [*looks.values(), *inspectors.map(self._look, others)]

    def _is_wanted(self, key: str, state: str) -> bool:
        if self._ids is not None:
            return key in self._ids
        return state in (*ALIVE, "restarting") or key in self._known

    def _is_known(self, item: dict[str, Any]) -> bool:
        known = self._known.get(item["Id"])
        names = [name.removeprefix("/") for name in item["Names"] or ()]
        return known is not None and known.state == item["State"] and known.name in names

    def _look(self, key: str) -> Watched | None:
        try:
            answer = self._client.api.inspect_container(key)
        except NotFound:
            return None
        return Watched.from_inspect(answer, self._looks)

    def _pass_on(self, event: EngineEvent) -> None:
        """The event, after a look at the container where it changed more than the event says."""
        self._since = max(self._since or 0.0, event.at)
        starts = self._ids is None and event.action == "start"
        if not is_life_event(event) or not (starts or event.id in (self._ids or self._known)):
            return
        if event.action in _LOOKED_AFTER and (seen := self._look(event.id)) is not None:
            self._known[seen.id] = seen
            self._give(seen)
        elif event.action in DESTROYS:
            self._known.pop(event.id, None)
        self._give(event)
