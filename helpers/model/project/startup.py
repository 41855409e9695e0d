"""How a project came up: its newest starts, from the events of its containers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from helpers.model.container.event import EngineEvent
from helpers.model.container.snapshot import CONNECTED, Contact
from helpers.model.project.answer import Answer
from helpers.model.project.lane import Lane, Phase
from helpers.model.project.member import NUMBER, SERVICE, Member, is_one_off
from helpers.model.project.remembered import Past, past_of
from helpers.model.project.run import MOST_SECONDS, Run

SHOWN = 3
LEAST_SECONDS = 0.5
_MOST_STRETCH = 2.0  # a first answer is drawn at its time within so many times all else


@dataclass(frozen=True)
class Startup:
    """The starts of a project that are known, the oldest first, at a moment of the engine's clock.

    `others` are the projects that the engine has containers of; `has_forgotten` says that it has
    lost the begin of what it still tells of.
    """

    project: str
    runs: tuple[Run, ...] = ()
    now: float = 0.0
    others: tuple[str, ...] = ()
    has_forgotten: bool = False
    contact: Contact = CONNECTED

    @property
    def shown(self) -> tuple[Run, ...]:
        """The newest three, the newest first."""
        return self.runs[: -SHOWN - 1 : -1]

    @property
    def is_going(self) -> bool:
        """Whether the newest is still on the way."""
        return bool(self.runs) and self.runs[-1].is_going(self.now)

    @property
    def end_seconds(self) -> float:
        """The end of the one scale for all that are shown."""
        rest = max((run.seconds(self.now) for run in self.shown), default=0.0)
        furthest = max(rest * _MOST_STRETCH, LEAST_SECONDS)
        answers = [
            run.after_begin(lane.answer.at) for run in self.shown for lane in run.lanes
            if lane.answer
        ]  # fmt: skip
        return max([LEAST_SECONDS, rest, *(each for each in answers if each <= furthest)])


def startup_from(
    project: str,
    events: Iterable[EngineEvent],
    members: Mapping[str, Member],
    answers: Mapping[str, tuple[Answer, ...]],
    now: float,
) -> Startup:
    """The starts in these events and containers, by id; some of them may be gone by now."""
    past = past_of(events, members.values(), now)
    runs: list[Run] = []
    has_forgotten = bool(past.gaps)
    for event in past.events:
        if not is_one_off(event.attributes):
            has_forgotten |= not _took(runs, event, past, members)
    answered = (_answered(run, answers) for run in runs)
    return Startup(project, tuple(answered), now, has_forgotten=has_forgotten)


def _took(runs: list[Run], event: EngineEvent, past: Past, members: Mapping[str, Member]) -> bool:
    """Whether that event has its run: the newest with that container, or one that it begins."""
    at = next((at for at in reversed(range(len(runs))) if runs[at].lane(event.id)), None)
    lane = runs[at].lane(event.id) if at is not None else None
    if event.action in ("create", "start") and not _goes_on(runs, at, lane, event):
        if not runs or runs[-1].is_over(event.at):
            runs.append(Run(event.at, last_at=event.at))
        if at != len(runs) - 1:
            at, lane = len(runs) - 1, _new_lane(event, past, members.get(event.id))
    if at is None or lane is None:
        return False
    runs[at] = runs[at].after(lane, event)
    return True


def _goes_on(runs: list[Run], at: int | None, lane: Lane | None, event: EngineEvent) -> bool:
    """Whether its container is in a run to which the event belongs: one on the way there."""
    if at is None or lane is None:
        return False
    if lane.will_restart or lane.is_alive:
        return True
    return lane.phase is Phase.CREATED and not runs[at].is_over(event.at)


def _new_lane(event: EngineEvent, past: Past, member: Member | None) -> Lane:
    lane = Lane(
        id=event.id,
        service=event.attributes.get(SERVICE) or event.name,
        number=event.attributes.get(NUMBER, ""),
        has_gap=event.id in past.gaps,
        is_late=event.id in past.late,
    )
    if member is None:
        return lane
    masked = bool(member.masks)
    return replace(lane, rule=member.rule, has_check=member.has_check, is_masked=masked)


def _answered(run: Run, answers: Mapping[str, tuple[Answer, ...]]) -> Run:
    lanes = []
    for lane in run.lanes:
        begun, ended = lane.first(Phase.RUNNING), lane.first(Phase.STOPPED)
        last = min(run.begun + MOST_SECONDS, ended if ended is not None else float("inf"))
        first = [
            each
            for each in answers.get(lane.id, ())
            if begun is not None and begun <= each.at <= last
        ]
        lanes.append(replace(lane, answer=min(first, key=lambda each: each.at, default=None)))
    return replace(run, lanes=tuple(lanes))
