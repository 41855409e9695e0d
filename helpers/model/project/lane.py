"""One container through one start of its project: stages, crashes, and its first answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from helpers.model.container.event import EngineEvent
from helpers.model.container.restart_policy import NO_RESTARTS, RestartPolicy
from helpers.model.project.answer import Answer

MOST_STAGES = 400
# Signals that programs are told other things by than to end: HUP, USR1, USR2, CHLD, CONT, WINCH.
_NO_END = (1, 10, 12, 17, 18, 28)


class Phase(StrEnum):
    """How far a container is."""

    CREATED = "created"
    RUNNING = "running"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    DOWN = "down"
    STOPPED = "stopped"


_ALIVE = (Phase.RUNNING, Phase.HEALTHY, Phase.UNHEALTHY)


@dataclass(frozen=True)
class Stage:
    """A phase, and since when, in seconds since 1970; it lasts until the next one."""

    phase: Phase
    since: float


@dataclass(frozen=True)
class Ending:
    """That its process ended by itself; `exit_code` is None where nobody can tell it."""

    at: float
    exit_code: int | None
    oom_killed: bool = False


@dataclass(frozen=True)
class Lane:
    """What became of it in that start; `id` is the container's.

    `endings` are those that nobody asked for. `is_masked` says that labels of it hide how it ended,
    `has_gap` that the engine has forgotten events of it, `is_late` that it was healthy earlier
    than is known.
    """

    id: str
    service: str
    number: str = ""
    stages: tuple[Stage, ...] = ()
    endings: tuple[Ending, ...] = ()
    answer: Answer | None = None
    rule: RestartPolicy = NO_RESTARTS
    has_check: bool = False
    is_masked: bool = False
    has_gap: bool = False
    is_late: bool = False
    asked_to_end: bool = False
    oom_killed: bool = False

    @property
    def phase(self) -> Phase | None:
        """Its newest phase; None before anything is known."""
        return self.stages[-1].phase if self.stages else None

    @property
    def reached(self) -> Phase | None:
        """Its newest phase before it was asked to end."""
        last = [stage.phase for stage in self.stages if stage.phase is not Phase.STOPPED]
        return last[-1] if last else None

    def first(self, phase: Phase) -> float | None:
        """When it came into that phase for the first time."""
        return next((each.since for each in self.stages if each.phase is phase), None)

    @property
    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self.phase in _ALIVE

    @property
    def will_restart(self) -> bool:
        """Whether the engine starts it again after it ended by itself."""
        if self.phase is not Phase.DOWN or not self.endings:
            return False
        code = self.endings[-1].exit_code
        return self.rule.restarts(1 if code is None else code, len(self.endings) - 1)

    @property
    def is_settled(self) -> bool:
        """Whether it is as far as it comes; what was only created waits for others."""
        if self.phase is Phase.RUNNING:
            return not self.has_check
        return self.phase is not Phase.CREATED and not self.will_restart

    @property
    def is_up(self) -> bool:
        """Whether it came as far as it should: healthy where that is checked, or done with 0."""
        if self.reached is Phase.DOWN:
            return self.endings[-1].exit_code == 0 and not self.will_restart
        return self.reached is (Phase.HEALTHY if self.has_check else Phase.RUNNING)

    @property
    def crashes(self) -> tuple[Ending, ...]:
        """The endings with another code than 0, and those after which it was started again."""
        last = self.endings[-1] if self.phase is Phase.DOWN and not self.will_restart else None
        return tuple(each for each in self.endings if each.exit_code != 0 or each is not last)

    def after(self, event: EngineEvent) -> Lane:
        """The lane once that is known too."""
        match event.action.partition(": ")[0]:
            case "create":
                return self if self.stages else self._begun(Phase.CREATED, event)
            case "start":
                return self if self.is_alive else self._begun(Phase.RUNNING, event)
            case "health_status":
                return self._checked(event)
            case "kill":
                asks = self.is_masked or event.signal not in _NO_END
                return replace(self, asked_to_end=self.asked_to_end or asks)
            case "stop":
                return replace(self, asked_to_end=True)
            case "oom":
                return replace(self, oom_killed=True)
            case "die":
                return self._died(event)
            case "destroy" | "remove":
                return self._moved(Phase.STOPPED, event.at)
        return self

    def _begun(self, phase: Phase, event: EngineEvent) -> Lane:
        """Labels come along with each event, so what tells of an end and is here is one of them."""
        masked = self.is_masked or bool(event.masks)
        lane = replace(self, asked_to_end=False, oom_killed=False, is_masked=masked)
        return lane._moved(phase, event.at)

    def _checked(self, event: EngineEvent) -> Lane:
        word = event.action.partition(": ")[2]
        if not self.is_alive or word not in ("healthy", "unhealthy"):
            return self
        return replace(self, has_check=True)._moved(Phase(word), event.at)

    def _died(self, event: EngineEvent) -> Lane:
        if not self.is_alive:
            return self
        if self.asked_to_end:
            return self._moved(Phase.STOPPED, event.at)
        code = None if self.is_masked else event.exit_code
        ending = Ending(event.at, code, self.oom_killed)
        return replace(self, endings=(*self.endings, ending))._moved(Phase.DOWN, event.at)

    def _moved(self, phase: Phase, at: float) -> Lane:
        if self.phase is phase or len(self.stages) >= MOST_STAGES:
            return self
        return replace(self, stages=(*self.stages, Stage(phase, at)))
