"""What the usage view says: its words, and what happened to a container in a few of them."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.model.container.event import EngineEvent
from helpers.model.text.units import format_memory
from helpers.views.kit.printable import shown
from helpers.views.kit.steps import meaning
from helpers.views.usage.record import Member

WORDS = {
    "live": "● live",
    "silent": "○ as it was: nothing has come for {seconds} s",
    "waiting": "○ waiting for the first reading",
    "paused": "‖ the picture stands still, {seconds} s behind",
    "ended": "■ ended",
    "rate": "{rate} readings a second from {source}",
    "pause": "‖ Pause",
    "resume": "▶ Go on",
    "span": "Time shown",
    "minute": "last minute",
    "minutes": "last {count} minutes",
    "highlight": "Highlighted",
    "auto": "highlight: top {count} by {column}",
    "mine": "highlight: my choice",
    "filter": "Find by name",
    "cpu": "CPU",
    "cpu.note": "100 % is one core",
    "memory": "Memory",
    "memory.note": "as docker stats counts it",
    "memory.cache": "hatched: cache that the kernel can take back",
    "network": "Network",
    "network.note": "received above, sent below",
    "block": "Block I/O",
    "block.note": "read above, written below",
    "pids": "Processes",
    "limit": "limit {value}",
    "limit.above": "limit {value}, far above",
    "throttled": "throttled in {value} of the time slices",
    "none": "n/a",
    "cores": "{count} CPU",
    "col.name": "container",
    "col.state": "state",
    "col.cpu": "CPU / limit",
    "col.memory": "memory / limit",
    "col.network": "in / out per s",
    "col.block": "read / write per s",
    "col.pids": "pids",
    "col.sort": "sort by {column}",
    "table": "The containers, each a row; press a name to highlight it",
    "charts": "Arrow keys move a line through time, Escape takes it away",
    "read": "{ago} s ago",
    "events": "What happened, newest first",
    "no.events": "Nothing has happened to them yet.",
    "now": "now",
}
SIGNS = {
    "start": "▶", "die": "■", "oom": "✖", "pause": "‖", "unpause": "▶", "rename": "≡",
    "update": "≡", "destroy": "×", "healthy": "✚", "unhealthy": "!",
}  # fmt: skip
_HEALTH = {
    "healthy": "its health check went well",
    "unhealthy": "its health check failed too often",
}


def event_name(event: EngineEvent) -> str:
    """The event in a word or two: 'oom', 'die 137', 'healthy'."""
    name = event.action.partition(": ")[2] or event.action
    return name if event.exit_code is None else f"{name} {event.exit_code}"


def mark(number: int, event: EngineEvent) -> list[object]:
    """When, to whom, a sign, a word, and what it means; all of it text for live_usage.js."""
    name = event_name(event)
    plain = name.partition(" ")[0]
    words = _HEALTH.get(plain) or meaning(event)
    return [event.at, number, SIGNS.get(plain, "•"), shown(name), words]


def title_of(names: Sequence[str]) -> str:
    """Whose usage it is; many names are counted."""
    if len(names) > 4:
        return f"Usage of {len(names)} containers"
    return f"Usage of {', '.join(map(shown, names)) or 'containers'}"


def limits_of(member: Member) -> list[str]:
    """'memory limit 64 MiB' and the like, for each limit that it has."""
    limits = []
    if member.memory_limit_bytes is not None:
        limits.append(f"memory limit {format_memory(member.memory_limit_bytes)}")
    if member.cpu_limit is not None:
        limits.append(f"CPU limit {member.cpu_limit:g}")
    if member.pids_limit:
        limits.append(f"process limit {member.pids_limit}")
    return limits


def member_line(member: Member, events: Sequence[EngineEvent]) -> str:
    """Who, its limits, and what happened: the same in each run in which the same happens."""
    parts = [shown(member.name), *limits_of(member)]
    names = [shown(event_name(event)) for event in events]
    happened = [name for name, before in zip(names, ["", *names], strict=False) if name != before]
    if happened:
        parts.append(f"events {', '.join(happened)}")
    return "; ".join(parts)
