"""What a usage view has been told so far: who there is, what they used, what happened to them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from helpers.model.container.event import EngineEvent
from helpers.model.container.snapshot import CONNECTED, Contact
from helpers.model.usage.usage import Tick, Usage

KEPT_USAGES = 20_000
KEPT_EVENTS = 200
REMEMBERED_SECONDS = 120
SHOWN_ACTIONS = (
    *("start", "die", "oom", "pause", "unpause", "rename", "update", "destroy"),
    "health_status",
)


@dataclass(frozen=True)
class Member:
    """One container of the view under a number that stays its own; None for no limit or unknown.

    `cpu_limit` is in cores. `gone` is when it was removed, in seconds since 1970.
    """

    number: int
    id: str
    name: str
    state: str = ""
    memory_limit_bytes: int | None = None
    cpu_limit: float | None = None
    pids_limit: int | None = None
    gone: float | None = None

    def after(self, usage: Usage) -> Member:
        """It with the limits that the usage tells."""
        share, cpu = usage.cpu_percent_of_limit, usage.cpu_percent
        cpu_limit = self.cpu_limit
        if share and cpu:
            cpu_limit = round(cpu / share, 2)
        elif share is None and cpu is not None:
            cpu_limit = None
        return replace(
            self,
            memory_limit_bytes=usage.memory_limit_bytes if usage.has_memory_limit else None,
            cpu_limit=cpu_limit,
            pids_limit=usage.pids_limit,
        )


@dataclass(frozen=True)
class Sample:
    """A usage of one member, with the one before it, if there is one."""

    number: int
    usage: Usage
    before: Usage | None


class UsageRecord:
    """Ticks taken in on one thread and read on another; what is old is forgotten.

    It keeps the newest 20,000 usages: an hour of three containers at 2 Hz, three minutes of fifty.
    """

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        self.contact: Contact = CONNECTED
        self.source = ""
        self.rate_hz: float | None = None
        self._lock = threading.RLock()
        self._count = 0
        self._members: dict[str, Member] = {}
        self._newest: dict[str, Usage] = {}
        self._usages: deque[tuple[Member, Usage]] = deque(maxlen=KEPT_USAGES)
        self._events: deque[tuple[int, EngineEvent]] = deque(maxlen=KEPT_EVENTS)
        for identity, name in known:
            self._seen(identity, name, "")

    def take(self, tick: Tick) -> tuple[list[Sample], bool]:
        """The new samples, and whether anything but them is new."""
        with self._lock:
            before = self._facts()
            for identity, name in tick.names.items():
                self._seen(identity, name, tick.states.get(identity, ""))
            samples = [self._measured(*item) for item in tick.usages.items()]
            for event in tick.events:
                self._happened(event)
            self.contact, self.source = tick.contact, tick.source or self.source
            self.rate_hz = tick.rate_hz
            self._forget(tick.at)
            return samples, self._facts() != before or bool(tick.events)

    @property
    def members(self) -> list[Member]:
        """The containers, in the order in which they came."""
        with self._lock:
            return list(self._members.values())

    @property
    def events(self) -> list[tuple[int, EngineEvent]]:
        """What happened, each with its member's number, oldest first."""
        with self._lock:
            return list(self._events)

    @property
    def usages(self) -> list[tuple[Member, Usage]]:
        """All that is kept, oldest first."""
        with self._lock:
            return list(self._usages)

    @property
    def all_gone(self) -> bool:
        """Whether there were containers, and each of them has been removed."""
        members = self.members
        return bool(members) and all(member.gone is not None for member in members)

    def _facts(self) -> tuple[object, ...]:
        return tuple(self._members.values()), self.contact, self.source

    def _seen(self, identity: str, name: str, state: str) -> None:
        if identity not in self._members:
            self._count += 1
            self._members[identity] = Member(self._count, identity, name)
        known = self._members[identity]
        self._members[identity] = replace(known, name=name, state=state or known.state)

    def _measured(self, identity: str, usage: Usage) -> Sample:
        if identity not in self._members:
            self._seen(identity, identity[:12], "running")
        member = self._members[identity] = self._members[identity].after(usage)
        before, self._newest[identity] = self._newest.get(identity), usage
        self._usages.append((member, usage))
        return Sample(member.number, usage, before)

    def _happened(self, event: EngineEvent) -> None:
        member = self._members.get(event.id)
        if member is None or event.action.partition(":")[0] not in SHOWN_ACTIONS:
            return
        self._events.append((member.number, event))
        if event.action == "destroy":
            self._members[event.id] = replace(member, state="removed", gone=event.at)

    def _forget(self, now: float) -> None:
        """Removed containers go too, after a while, unless they are all there is."""
        old = [
            identity
            for identity, member in self._members.items()
            if member.gone is not None and now - member.gone > REMEMBERED_SECONDS
        ]
        for identity in old if len(old) < len(self._members) else ():
            del self._members[identity]
            self._newest.pop(identity, None)
