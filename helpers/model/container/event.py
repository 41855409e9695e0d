"""What the engine says happened: events with their time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from helpers.model.text.answer_parts import count_in, table_of_texts, text_in


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
