"""The engine's events of one container, as steps with their meaning."""

from __future__ import annotations

from helpers.model.container.event import EngineEvent, EventLog
from helpers.model.text.units import format_seconds
from helpers.views.kit.page import Page, table

MEANING = {
    "create": "made from the image: a name, settings and an empty writable layer",
    "attach": "somebody listens to what it prints",
    "connect": "given an interface and an address on a network",
    "init": "the runtime has made it; nothing runs in it yet",
    "start": "its first process runs, in namespaces and a cgroup of its own",
    "die": "its first process has ended",
    "disconnect": "interface and address are given back",
    "stop": "it was asked to end, and has",
    "kill": "a signal was sent to its first process",
    "oom": "the kernel found it over its memory limit",
    "pause": "its processes are frozen",
    "unpause": "its processes go on",
    "restart": "stopped and started again",
    "rename": "it has another name",
    "update": "its limits or its restart policy were changed",
    "cleanup": "its files and its network are given back",
    "destroy": "removed, and its writable layer with it",
}


def steps_table(events: EventLog) -> Page:
    """One row for each event: after how long, what, and what that means."""
    rows = [
        (f"+ {format_seconds(seconds)}", event.action, meaning(event))
        for event, seconds in zip(events, events.seconds_after_first(), strict=True)
    ]
    return table(("after", "event", "what happened"), rows)


def meaning(event: EngineEvent) -> str:
    """What an event means, in words; an exit code is named."""
    words = MEANING.get(event.action.partition(":")[0], "")
    return words if event.exit_code is None else f"{words}, with exit code {event.exit_code}"
