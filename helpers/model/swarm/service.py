"""A service of a swarm, and how its last update goes. Source: Engine API, "Inspect a service"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.text.answer_parts import count_or_none, part_of, text_in


@dataclass(frozen=True)
class Service:
    """A service as it is wanted; `replicas` is None for one that runs once on each node.

    `update` is the state of its last update or rollback, such as updating, paused, completed or
    rollback_completed, empty before the first; `message` is the manager's sentence on it.
    """

    id: str
    name: str
    image: str = ""
    replicas: int | None = None
    update: str = ""
    message: str = ""

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Service:
        """The service in the answer of GET /services/{name}."""
        image = text_in(answer, "Spec", "TaskTemplate", "ContainerSpec", "Image")
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
        )
