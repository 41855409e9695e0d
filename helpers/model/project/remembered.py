"""The past of a project's containers: the engine's events, and what a look tells of forgotten ones.

An engine keeps its last 256 events, of all containers together, and each health check that runs
makes three. So a container that is still there may be asked itself when it was created, started,
found healthy, and ended.
Source: moby/moby, `daemon/events`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from helpers.model.container.event import EngineEvent
from helpers.model.project.member import NUMBER, SERVICE, Member

ACTIONS = (
    "create", "start", "die", "kill", "oom", "stop", "destroy", "remove", "health_status",
)  # fmt: skip
# An event comes when all is done: with much to do, seconds after the time that the container shows.
_SOONER_SECONDS, _LATER_SECONDS = 1.0, 5.0
_ON_THE_WAY_SECONDS = 1.0


@dataclass(frozen=True)
class Past:
    """All that is known, in the order of time, and the ids of those of whom some is forgotten.

    `late` are those who may have been healthy before that.
    """

    events: tuple[EngineEvent, ...] = ()
    gaps: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()


def past_of(
    events: Iterable[EngineEvent], members: Iterable[Member], now: float = float("inf")
) -> Past:
    """The events, filled up by what the containers themselves show.

    What happened just before `now` is left to its event, which may be on its way.
    """
    every, gaps, late = list(events), set[str](), set[str]()
    settled = now - _ON_THE_WAY_SECONDS
    by_id: dict[str, list[EngineEvent]] = {}
    for event in every:
        by_id.setdefault(event.id, []).append(event)
    for member in members:
        own = by_id.get(member.id, [])
        is_old = not member.is_first
        shown = [
            each
            for each in _missing(member, own)
            if each.at < settled or (is_old and each.action.startswith("health"))
        ]
        every += shown
        starts = sum(1 for each in own if each.action == "start")
        if shown or (own and starts < member.restarts):
            gaps.add(member.id)
        if is_old and any(each.action.startswith("health") for each in shown):
            late.add(member.id)
    in_order = sorted(every, key=lambda each: each.at)
    return Past(tuple(in_order), frozenset(gaps), frozenset(late))


def _missing(member: Member, events: Sequence[EngineEvent]) -> Iterator[EngineEvent]:
    """What the container shows and no event tells of."""
    if member.created and not _has(events, "create"):
        yield _event(member, "create", member.created)
    if not member.started:
        return
    if not _has(events, "start", member.started):
        yield _event(member, "start", member.started)
    since = [each for each in events if each.at >= member.started]
    if member.healthy_at and not _has(since, "health_status: healthy"):
        yield _event(member, "health_status: healthy", member.healthy_at)
    has_ended = member.finished >= member.started and not member.is_running
    if has_ended and not _has(since, "die"):
        yield _event(member, "die", member.finished, exitCode=str(member.exit_code))


def _has(events: Iterable[EngineEvent], action: str, at: float | None = None) -> bool:
    return any(
        each.action == action and (at is None or -_SOONER_SECONDS < each.at - at < _LATER_SECONDS)
        for each in events
    )


def _event(member: Member, action: str, at: float, **more: str) -> EngineEvent:
    labels = {SERVICE: member.service, NUMBER: member.number}
    return EngineEvent(at, "container", action, member.name, labels | more, member.id)
