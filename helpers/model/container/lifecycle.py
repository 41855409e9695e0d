"""The life of one container: the states it went through, told by the engine's events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from helpers.model.container.event import EngineEvent
from helpers.model.container.restart_policy import NO_RESTARTS, RestartPolicy
from helpers.model.container.snapshot import (
    CONNECTED,
    Contact,
    Gone,
    Snapshot,
)
from helpers.model.container.state import State, signal_name

KEPT = 200
_LIFE_EVENTS = {"create", "start", "restart", "pause", "unpause", "kill", "oom", "die", "stop",
          "rename", "update", "destroy"}  # fmt: skip
_LEADS_TO = {
    "create": State.CREATED,
    "start": State.RUNNING,
    "pause": State.PAUSED,
    "unpause": State.RUNNING,
    "stop": State.EXITED,
    "destroy": State.REMOVED,
}


@dataclass(frozen=True)
class Step:
    """A state, since when (seconds since 1970; None where nobody saw it), and what led there."""

    state: State
    since: float | None
    cause: str = ""


Item = EngineEvent | Snapshot | Contact | Gone


@dataclass(frozen=True)
class Life:
    """A container's steps so far, and the events that tell of them, newest last.

    `masks` are the words of an ending that labels of it hide; then a look tells its exit code.
    """

    name: str
    created: float | None = None
    steps: tuple[Step, ...] = ()
    events: tuple[EngineEvent, ...] = ()
    exit_code: int | None = None
    oom_killed: bool = False
    rule: RestartPolicy = NO_RESTARTS
    restarts: int = 0
    asked_to_end: bool = False
    has_gap: bool = False
    contact: Contact = CONNECTED
    masks: frozenset[str] = frozenset()

    @classmethod
    def from_events(cls, name: str, past: Iterable[EngineEvent], now: Snapshot | Gone) -> Life:
        """The life of a container by what is known of its past, and a look at it now."""
        past = list(past)
        begun = cls(name)._masked(frozenset().union(*(event.masks for event in past)))
        if isinstance(now, Snapshot):
            begun = replace(begun, rule=now.rule)._masked(now.masks)
        return begun.after_all([*past, now])

    @property
    def state(self) -> State | None:
        """What it is now; None before anything is known."""
        return self.steps[-1].state if self.steps else None

    @property
    def states(self) -> tuple[State, ...]:
        """The path through the states."""
        return tuple(step.state for step in self.steps)

    def after(self, item: Item) -> Life:
        """Its life once that is known too; what is known already changes nothing."""
        if isinstance(item, EngineEvent):
            return self._after_event(item)
        if isinstance(item, Snapshot):
            return self._seen(item)
        if isinstance(item, Gone):
            return self._moved(State.REMOVED, None, "docker rm")
        return replace(self, contact=item)

    def after_all(self, items: Iterable[Item]) -> Life:
        """Its life once all of them are known, in that order."""
        life = self
        for item in items:
            life = life.after(item)
        return life

    def _masked(self, masks: frozenset[str]) -> Life:
        """Its life with these words hidden, too, in what is known already."""
        if masks <= self.masks:
            return self
        events = tuple(event.without(masks) for event in self.events)
        return replace(self, masks=self.masks | masks, events=events)

    def _after_event(self, event: EngineEvent) -> Life:
        if event.kind != "container" or event.action not in _LIFE_EVENTS or event in self.events:
            return self
        life = self._masked(event.masks)
        event = event.without(life.masks)
        life = replace(life, events=(*life.events, event)[-KEPT:])
        if not self.steps and event.action != "create":
            life = replace(life, has_gap=True)
        if event.action == "die":
            return life._died(event, self._cause(event))
        cause = self._cause(event)
        life = life._noted(event)
        if event.action == "restart" and life.state is State.RUNNING:
            return life._moved(State.RUNNING, event.at, cause)
        if event.action == "unpause" and life.state not in (State.PAUSED, None):
            return life
        target = _LEADS_TO.get(event.action)
        return life._moved(target, event.at, cause) if target else life

    def _noted(self, event: EngineEvent) -> Life:
        match event.action:
            case "create":
                return replace(self, created=event.at)
            case "rename":
                return replace(self, name=event.name)
            case "kill":
                return replace(self, asked_to_end=True)
            case "oom":
                return replace(self, oom_killed=True)
            case "start":
                again = self.state is State.RESTARTING
                restarts = self.restarts + 1 if again else 0
                return replace(
                    self, restarts=restarts, asked_to_end=False, oom_killed=False, exit_code=None
                )
        return self

    def _died(self, event: EngineEvent, cause: str) -> Life:
        code = event.exit_code
        again = not self.asked_to_end and self.rule.restarts(code or 0, self.restarts)
        state = State.RESTARTING if again else State.EXITED
        return replace(self, exit_code=code)._moved(state, event.at, cause)

    def _moved(self, state: State, since: float | None, cause: str) -> Life:
        if self.state is state:
            better = replace(self.steps[-1], cause=cause or self.steps[-1].cause)
            return replace(self, steps=(*self.steps[:-1], better))
        steps = (*self.steps, Step(state, since, cause))
        return replace(self, steps=steps[-KEPT:], has_gap=self.has_gap or len(steps) > KEPT)

    def _seen(self, snapshot: Snapshot) -> Life:
        created = snapshot.created if self.created is None else self.created
        life = replace(self, name=snapshot.name, created=created, rule=snapshot.rule)
        life = life._masked(snapshot.masks)
        if snapshot.after is not None:
            return life._corrected(snapshot)
        if not life.steps and snapshot.state is not State.CREATED:
            life = replace(life, has_gap=True)
        if not life.steps or life.has_gap:
            life = life._born(snapshot.created)
        life = life._corrected(snapshot)
        if life.state is not snapshot.state:
            life = life._moved(snapshot.state, snapshot.since, "")
        ended = snapshot.state in (State.EXITED, State.RESTARTING, State.DEAD)
        return replace(
            life,
            exit_code=snapshot.exit_code if ended else None,
            oom_killed=snapshot.oom_killed and ended,
            restarts=snapshot.restarts,
        )

    def _corrected(self, snapshot: Snapshot) -> Life:
        """Restarting or exited as the engine says, and the exit code where no event told it; where
        it has not started it again since.
        """
        last = self.steps[-1] if self.steps else None
        ends = (State.EXITED, State.RESTARTING)
        if last is None or last.state not in ends or snapshot.state not in ends:
            return self
        if last.since is None or snapshot.started > last.since:
            return self
        step = replace(last, state=snapshot.state)
        code = snapshot.exit_code if self.exit_code is None else self.exit_code
        return replace(self, steps=(*self.steps[:-1], step), exit_code=code)

    def _born(self, created: float) -> Life:
        if self.steps and self.steps[0].state is State.CREATED:
            return self
        return replace(self, steps=(Step(State.CREATED, created, "docker create"), *self.steps))

    def _cause(self, event: EngineEvent) -> str:
        if event.action == "start":
            return "its restart policy" if self.state is State.RESTARTING else "docker start"
        if event.action == "destroy":
            return "docker rm"
        if event.action != "die":
            return f"docker {event.action}"
        if self.oom_killed:
            return "out of memory"
        return self._signal(event) or "its process ended"

    def _signal(self, die: EngineEvent) -> str:
        """The signal that ended its process; empty where one was sent that it survived."""
        last = self.events[-1] if self.events else die
        signal = last.signal or 0
        ended = signal in (9, 15) or die.exit_code == 128 + signal
        return signal_name(signal) if signal and ended else ""
