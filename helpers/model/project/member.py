"""One container of a Compose project, as the engine shows it now.

Source of the labels: the Compose specification's implementation, `docker compose`; anybody can set
them, so nothing is made of them but text. Source of the fields: Engine API, "Inspect a container".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from helpers.model.container.event import masks_in
from helpers.model.container.restart_policy import NO_RESTARTS, RestartPolicy
from helpers.model.text.answer_parts import (
    count_in,
    moment_in,
    part_of,
    table_of_texts,
    tables_of,
    text_in,
    texts_of,
)

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
NUMBER = "com.docker.compose.container-number"
_ONE_OFF = "com.docker.compose.oneoff"
_MOST_RESULTS = 5  # Engine and Podman keep so many results of a health check


def is_one_off(labels: Mapping[str, str]) -> bool:
    """Whether `docker compose run` made it, which is no part of a start."""
    return labels.get(_ONE_OFF, "").lower() == "true"


@dataclass(frozen=True)
class Member:
    """What one look at it finds; times in seconds since 1970, 0 where there is none.

    `healthy_at` is the end of the oldest successful check that the engine still has since it
    started; `is_first` says that none before it was dropped. `masks` are the words of an ending
    that labels of it hide in its events.
    """

    id: str
    name: str
    service: str
    number: str = ""
    one_off: bool = False
    status: str = ""
    created: float = 0.0
    started: float = 0.0
    finished: float = 0.0
    exit_code: int = 0
    restarts: int = 0
    rule: RestartPolicy = NO_RESTARTS
    has_check: bool = False
    healthy_at: float = 0.0
    is_first: bool = True
    masks: frozenset[str] = frozenset()

    @classmethod
    def from_inspect(cls, answer: Mapping[str, Any]) -> Member:
        """The container in the answer of GET /containers/{id}/json."""
        labels = table_of_texts(answer, "Config", "Labels")
        name = text_in(answer, "Name").removeprefix("/")
        started = moment_in(answer, "State", "StartedAt")
        results = tables_of(answer, "State", "Health", "Log")
        successes = [
            moment_in(one, "End")
            for one in results
            if count_in(one, "ExitCode") == 0 and moment_in(one, "End") >= started
        ]
        return cls(
            id=text_in(answer, "Id"),
            name=name,
            service=labels.get(SERVICE) or name,
            number=labels.get(NUMBER, ""),
            one_off=is_one_off(labels),
            status=text_in(answer, "State", "Status"),
            created=moment_in(answer, "Created"),
            started=max(started, 0.0),
            finished=max(moment_in(answer, "State", "FinishedAt"), 0.0),
            exit_code=count_in(answer, "State", "ExitCode"),
            restarts=count_in(answer, "RestartCount"),
            rule=RestartPolicy.from_inspect(answer),
            has_check=_has_check(answer),
            healthy_at=min(successes, default=0.0),
            is_first=len(results) < _MOST_RESULTS,
            masks=masks_in(labels),
        )

    def after(self, before: Member) -> Member:
        """The same with the oldest success that any of the two looks found in this life of it."""
        if before.started != self.started or not before.healthy_at:
            return self
        return replace(self, healthy_at=before.healthy_at, is_first=before.is_first)

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self.status in ("running", "paused")


def _has_check(answer: Mapping[str, Any]) -> bool:
    words = texts_of(answer, "Config", "Healthcheck", "Test")
    return bool(words and words[0] != "NONE") or bool(part_of(answer, "State", "Health"))
