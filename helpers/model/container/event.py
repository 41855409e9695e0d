"""What the engine says happened: events with their time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


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
        actor = message.get("Actor")
        actor = actor if isinstance(actor, Mapping) else {}
        attributes = {str(k): str(v) for k, v in (actor.get("Attributes") or {}).items()}
        nanoseconds = message.get("timeNano")
        return cls(
            at=int(str(nanoseconds)) / 1e9 if nanoseconds else float(str(message.get("time", 0))),
            kind=str(message.get("Type", "")),
            action=str(message.get("Action", "")),
            name=attributes.get("name", ""),
            attributes=attributes,
            id=str(actor.get("ID") or ""),
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
