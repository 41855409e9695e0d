"""A container that is watched, and the set of them as events change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from helpers.engine.usage.counter_files import CounterFiles, counter_files_of
from helpers.model.container.event import EngineEvent, masks_in
from helpers.model.container.limits import NO_LIMITS, Limits
from helpers.model.container.snapshot import CONNECTED, Contact
from helpers.model.text.answer_parts import count_in, table_of_texts, text_in

ALIVE = ("running", "paused")
REMOVED = "removed"
DESTROYS = ("destroy", "remove")
_LEADS_TO = {"pause": "paused", "unpause": "running"}
_LIFE_EVENTS = {"create", "start", "restart", "die", "oom", "kill", "stop", "pause", "unpause",
                "rename", "update", "health_status", *DESTROYS}  # fmt: skip


@dataclass(frozen=True)
class Watched:
    """One container: what `docker inspect` says of it, and where its counters lie while it runs.

    `masks` are the words of an ending that labels of it hide in its events.
    """

    id: str
    name: str
    state: str
    pid: int = 0
    limits: Limits = NO_LIMITS
    counters: CounterFiles | None = None
    masks: frozenset[str] = frozenset()

    @classmethod
    def from_inspect(cls, answer: Mapping[str, Any], looks: bool = True) -> Watched:
        """The container in an answer of /containers/ID/json; its counters only where `looks`."""
        key, state = text_in(answer, "Id"), text_in(answer, "State", "Status")
        pid = count_in(answer, "State", "Pid")
        own_network = text_in(answer, "HostConfig", "NetworkMode") != "host"
        counters = counter_files_of(key, pid, own_network) if pid > 0 and looks else None
        name = text_in(answer, "Name").removeprefix("/")
        masks = masks_in(table_of_texts(answer, "Config", "Labels"))
        return cls(key, name, state, pid, Limits.from_inspect(answer), counters, masks)

    @property
    def is_alive(self) -> bool:
        """Whether it has counters: it runs, or is frozen."""
        return self.state in ALIVE


@dataclass(frozen=True)
class Scan:
    """All that is watched, as one look at the engine found it."""

    containers: tuple[Watched, ...]
    machine_memory_bytes: int


Item = Scan | Watched | EngineEvent | Contact


@dataclass
class Roster:
    """The containers watched by id, and what has come of them since the last tick."""

    containers: dict[str, Watched] = field(default_factory=dict)
    events: list[EngineEvent] = field(default_factory=list)
    contact: Contact = CONNECTED
    machine_memory_bytes: int = 0
    is_scanned: bool = False
    has_news: bool = False

    def take(self, item: Item) -> None:
        """Its containers once that is known too."""
        if isinstance(item, EngineEvent):
            self._after(item)
        elif isinstance(item, Watched):
            self._put(item)
        elif isinstance(item, Contact):
            self._say(item)
        else:
            self._scanned(item)

    def alive(self) -> list[Watched]:
        """Those that have counters."""
        return [watched for watched in self.containers.values() if watched.is_alive]

    def forget_news(self) -> None:
        """All of it has been passed on: removed containers are forgotten, events begin anew."""
        self.events, self.has_news = [], False
        gone = [key for key, watched in self.containers.items() if watched.state == REMOVED]
        for key in gone:
            del self.containers[key]

    def _scanned(self, scan: Scan) -> None:
        present = {watched.id: watched for watched in scan.containers}
        self.machine_memory_bytes = scan.machine_memory_bytes
        # That there is nothing is news too, the first time.
        self.has_news, self.is_scanned = self.has_news or not self.is_scanned, True
        for watched in self.containers.values():
            self._put(present.get(watched.id, replace(watched, state=REMOVED, counters=None)))
        for watched in present.values():
            self._put(watched)

    def _put(self, watched: Watched) -> None:
        if self.containers.get(watched.id) != watched:
            self.containers[watched.id] = watched
            self.has_news = True

    def _say(self, contact: Contact) -> None:
        if contact != self.contact:
            self.contact, self.has_news = contact, True

    def _after(self, event: EngineEvent) -> None:
        """What the event itself tells; what a look after it found comes as a Watched."""
        watched = self.containers.get(event.id)
        if watched is None or not is_life_event(event):
            return
        if event not in self.events:
            self.events.append(event.without(watched.masks))
            self.has_news = True
        if event.action == "rename":
            self._put(replace(watched, name=event.name))
        elif event.action in DESTROYS:
            self._put(replace(watched, state=REMOVED, counters=None))
        elif event.action in _LEADS_TO and watched.is_alive:
            self._put(replace(watched, state=_LEADS_TO[event.action]))


def is_life_event(event: EngineEvent) -> bool:
    """Whether it tells of a container's life; each health check would bring three that do not."""
    return event.kind == "container" and event.action.split(":")[0] in _LIFE_EVENTS


Give = Callable[[Item], None]
