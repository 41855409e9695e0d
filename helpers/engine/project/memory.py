"""What is known of a project in this session, longer than the engine itself keeps it."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from helpers.model.container.event import EngineEvent
from helpers.model.project.answer import Answer
from helpers.model.project.member import Member
from helpers.model.project.remembered import ACTIONS
from helpers.model.project.startup import Startup, startup_from

MOST_EVENTS, MOST_MEMBERS = 4_000, 400


class ProjectMemory:
    """Its events, its containers as they were seen last, their first answers; on any thread."""

    def __init__(self, project: str) -> None:
        self.project = project
        self._lock = threading.Lock()
        self._events: dict[tuple[str, str, float], EngineEvent] = {}
        self._members: dict[str, Member] = {}
        self._answers: dict[str, tuple[Answer, ...]] = {}

    def heard(self, events: Iterable[EngineEvent]) -> frozenset[str]:
        """The ids of the containers to whom something happened that was not known."""
        news = {
            (each.id, each.action, each.at): each
            for each in events
            if each.kind == "container" and each.action.partition(": ")[0] in ACTIONS
        }
        with self._lock:
            touched = {key[0] for key in news.keys() - self._events.keys()}
            self._events |= news
            if len(self._events) > MOST_EVENTS:
                newest = sorted(self._events, key=lambda key: key[2])[-MOST_EVENTS:]
                self._events = {key: self._events[key] for key in newest}
        return frozenset(touched)

    def seen(self, members: Iterable[Member]) -> None:
        """These are how they are now; those that are gone stay as they were."""
        with self._lock:
            for member in members:
                before = self._members.pop(member.id, member)
                self._members[member.id] = member.after(before)
            for identity in list(self._members)[:-MOST_MEMBERS]:
                del self._members[identity]

    def answered(self, container: str, answer: Answer) -> None:
        """That container answered for the first time since it was started."""
        with self._lock:
            before = self._answers.get(container, ())
            if answer not in before:
                self._answers[container] = (*before, answer)

    def startup(self, now: float) -> Startup:
        """The starts by all that is known, at that time by the engine's clock."""
        with self._lock:
            events, members = list(self._events.values()), dict(self._members)
            answers = dict(self._answers)
        return startup_from(self.project, events, members, answers, now)


class ProjectMemories:
    """One memory for each project that was asked for in a session."""

    def __init__(self) -> None:
        self._memories: dict[str, ProjectMemory] = {}

    def of(self, project: str) -> ProjectMemory:
        """The same one each time."""
        return self._memories.setdefault(project, ProjectMemory(project))
