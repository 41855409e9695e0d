"""What the engine says happened: events with their time.

A container's labels and what an event itself tells stand in one table. Docker's engine writes the
labels over all of it but name and image (moby/moby, daemon/events.go): a label `exitCode=0` hides
how a container ended, and nothing in the event shows that it is a label.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from helpers.model.text.answer_parts import count_in, count_or_none, table_of_texts, text_in

# By these an event tells how a process ended, and which actions tell it.
_TELL = {"exitCode": ("die", "exec_die"), "signal": ("kill",)}


@dataclass(frozen=True)
class EngineEvent:
    """One event of the engine's own stream (`docker events`); `at` is in seconds since 1970.

    `id` is that of the container, image, network or volume that it tells of.
    """

    at: float
    kind: str
    action: str
    name: str
    attributes: Mapping[str, str] = field(default_factory=dict, compare=False)
    id: str = field(default="", compare=False)

    @classmethod
    def from_message(cls, message: Mapping[str, object]) -> EngineEvent:
        """The event in one message of the Engine API's /events stream."""
        attributes = table_of_texts(message, "Actor", "Attributes")
        nanoseconds = count_in(message, "timeNano")
        action, health = text_in(message, "Action"), text_in(message, "HealthStatus")
        return cls(
            at=nanoseconds / 1e9 if nanoseconds else float(count_in(message, "time")),
            kind=text_in(message, "Type"),
            action=f"{action}: {health}" if action == "health_status" and health else action,
            name=attributes.get("name", ""),
            attributes=attributes,
            id=text_in(message, "Actor", "ID"),
        )

    @property
    def container_id(self) -> str:
        """The container that it tells of; of a network's event, the one that came or went.

        Podman's events of a network have the container's id where Docker's have the network's.
        """
        joined = self.attributes.get("container") if self.kind == "network" else ""
        return joined or self.id

    @property
    def exit_code(self) -> int | None:
        """The exit code with which the container died; None where this does not tell it."""
        return count_or_none(self.attributes, "exitCode") if self.action == "die" else None

    @property
    def signal(self) -> int | None:
        """The signal that was sent; None where this does not tell it."""
        return count_or_none(self.attributes, "signal") if self.action == "kill" else None

    @property
    def masks(self) -> frozenset[str]:
        """The words of an ending that its container has labels of, as far as this shows."""
        action = self.action.partition(":")[0]
        there = {word for word, actions in _TELL.items() if action not in actions}
        return frozenset(there & self.attributes.keys() if self.kind == "container" else ())

    def without(self, masks: Iterable[str]) -> EngineEvent:
        """The event without these words, whose place labels have taken."""
        gone = set(masks) & self.attributes.keys()
        if not gone:
            return self
        left = {name: text for name, text in self.attributes.items() if name not in gone}
        return replace(self, attributes=left)


def masks_in(labels: Iterable[str]) -> frozenset[str]:
    """The words of an ending that labels of these names take the place of, in every event."""
    return frozenset(_TELL.keys() & set(labels))


class EventLog(tuple[EngineEvent, ...]):
    """Events in the order of time."""

    __slots__ = ()

    def __new__(cls, events: Sequence[EngineEvent] = ()) -> EventLog:
        """The events sorted by their time."""
        return super().__new__(cls, sorted(events, key=lambda event: event.at))

    @property
    def actions(self) -> list[str]:
        """The actions alone, in order."""
        return [event.action for event in self]

    def seconds_after_first(self) -> list[float]:
        """How long after the first each came; it came after 0 seconds."""
        return [event.at - self[0].at for event in self]
