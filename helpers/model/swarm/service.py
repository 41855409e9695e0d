"""A service of a swarm, and how its last update goes. Source: Engine API, "Inspect a service"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.image.version_label import VARIABLE
from helpers.model.text.answer_parts import (
    count_or_none,
    moment_in,
    part_of,
    text_in,
    texts_of,
)


@dataclass(frozen=True)
class Service:
    """A service as it is wanted; `replicas` is None for one that runs once on each node.

    `update` is the state of its last update or rollback, such as updating, paused, completed or
    rollback_completed, empty before the first; `message` is the manager's sentence on it, and it
    `began` and `ended` in seconds since 1970, 0 where it did not. `order` is which task goes first
    then (start-first), `constraints` tell where tasks may be, `health_check` what a task is asked.
    """

    id: str
    name: str
    image: str = ""
    replicas: int | None = None
    update: str = ""
    message: str = ""
    began: float = 0.0
    ended: float = 0.0
    order: str = ""
    constraints: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    health_check: tuple[str, ...] = ()

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Service:
        """The service in the answer of GET /services/{name}."""
        task = part_of(answer, "Spec", "TaskTemplate")
        image = text_in(task, "ContainerSpec", "Image")
        mode = part_of(answer, "Spec", "Mode")
        replicas = count_or_none(mode, "Replicated", "Replicas")
        if "Replicated" in mode and replicas is None:
            replicas = 0
        return cls(
            id=text_in(answer, "ID"),
            name=text_in(answer, "Spec", "Name"),
            image=image.partition("@")[0],
            replicas=replicas,
            update=text_in(answer, "UpdateStatus", "State"),
            message=text_in(answer, "UpdateStatus", "Message"),
            began=moment_in(answer, "UpdateStatus", "StartedAt"),
            ended=moment_in(answer, "UpdateStatus", "CompletedAt"),
            order=text_in(answer, "Spec", "UpdateConfig", "Order"),
            constraints=tuple(texts_of(task, "Placement", "Constraints")),
            environment=tuple(texts_of(task, "ContainerSpec", "Env")),
            health_check=tuple(texts_of(task, "ContainerSpec", "Healthcheck", "Test")),
        )

    @property
    def version(self) -> str:
        """VERSION in the environment of its tasks; '' where there is none."""
        values = (each.partition("=") for each in self.environment)
        return next((value for name, _, value in values if name == VARIABLE), "")

    @property
    def has_health_check(self) -> bool:
        """Whether its tasks count only once they are healthy; not told of what an image brings."""
        return bool(self.health_check) and self.health_check[0] != "NONE"
