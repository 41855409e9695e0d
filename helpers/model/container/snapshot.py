"""What one look at a container finds, and what can be learnt without looking at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.container.event import EngineEvent, masks_in
from helpers.model.container.restart_policy import NO_RESTARTS, RestartPolicy
from helpers.model.container.state import State
from helpers.model.text.answer_parts import count_in, flag_in, moment_in, table_of_texts, text_in


@dataclass(frozen=True)
class Snapshot:
    """What `docker inspect` says at one moment; times in seconds since 1970.

    `after` is the event that made the feed look, or None for a first look; `masks` are the words
    of an ending that it has labels of.
    """

    name: str
    state: State
    created: float
    started: float
    finished: float
    exit_code: int
    oom_killed: bool = False
    rule: RestartPolicy = NO_RESTARTS
    restarts: int = 0
    after: EngineEvent | None = None
    masks: frozenset[str] = frozenset()

    @classmethod
    def from_inspect(cls, answer: Mapping[str, Any], after: EngineEvent | None = None) -> Snapshot:
        """The snapshot in an answer of the Engine API's /containers/ID/json."""
        return cls(
            name=text_in(answer, "Name").removeprefix("/"),
            state=State.from_status(text_in(answer, "State", "Status")),
            created=moment_in(answer, "Created"),
            started=moment_in(answer, "State", "StartedAt"),
            finished=moment_in(answer, "State", "FinishedAt"),
            exit_code=count_in(answer, "State", "ExitCode"),
            oom_killed=flag_in(answer, "State", "OOMKilled"),
            rule=RestartPolicy.from_inspect(answer),
            restarts=count_in(answer, "RestartCount"),
            after=after,
            masks=masks_in(table_of_texts(answer, "Config", "Labels")),
        )

    @property
    def since(self) -> float:
        """When it came into its state; for a paused one, when it was started."""
        if self.state in (State.EXITED, State.RESTARTING, State.DEAD):
            return self.finished
        return self.created if self.state is State.CREATED else self.started


@dataclass(frozen=True)
class Contact:
    """Whether the engine answers; `words` say what is being done about it."""

    connected: bool
    words: str = ""


CONNECTED = Contact(True)


@dataclass(frozen=True)
class Gone:
    """The engine knows no such container any more."""
