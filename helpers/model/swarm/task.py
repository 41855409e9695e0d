"""One task of a service: where it runs, in which state, and after which specification.

Source of the fields and of the states: Engine API, "List tasks"; Docker's documentation, "Swarm
task states".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from helpers.model.image.version_label import version_label
from helpers.model.text.answer_parts import (
    count_in,
    count_or_none,
    moment_in,
    part_of,
    text_in,
    texts_of,
)

_UNPLACED = ("new", "allocated", "pending", "")
_ENDED = ("complete", "shutdown", "remove", "orphaned")
_TO_END = ("shutdown", "complete", "remove")


class Phase(StrEnum):
    """What its state comes to for whoever counts on it."""

    PENDING = "pending"
    STARTING = "starting"
    RUNNING = "running"
    ENDING = "stopping"
    FAILED = "failed"
    REJECTED = "rejected"
    LOST = "unknown"
    ENDED = "ended"

    @property
    def is_wanted(self) -> bool:
        """Whether such a task is one of those that the service is to have."""
        return self in (Phase.PENDING, Phase.STARTING, Phase.RUNNING)

    @property
    def is_failure(self) -> bool:
        """Whether it ended as it was not meant to."""
        return self in (Phase.FAILED, Phase.REJECTED)


@dataclass(frozen=True)
class Task:
    """A task at one moment; times in seconds since 1970, 0 where there is none.

    `service` is the ID of its service; `slot` is 0 for one that runs once on each node. `spec`
    stands for the whole of its specification; `label` is the value of VERSION in its environment,
    else its image's tag.
    """

    id: str
    slot: int = 0
    node: str = ""
    state: str = ""
    desired: str = ""
    message: str = ""
    error: str = ""
    exit_code: int | None = None
    since: float = 0.0
    created: float = 0.0
    spec: str = ""
    label: str = ""
    image: str = ""
    service: str = ""

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Task:
        """The task in an entry of GET /tasks."""
        image = text_in(answer, "Spec", "ContainerSpec", "Image")
        values = dict(
            each.split("=", 1)
            for each in texts_of(answer, "Spec", "ContainerSpec", "Env")
            if "=" in each
        )
        return cls(
            id=text_in(answer, "ID"),
            service=text_in(answer, "ServiceID"),
            slot=count_in(answer, "Slot"),
            node=text_in(answer, "NodeID"),
            state=text_in(answer, "Status", "State"),
            desired=text_in(answer, "DesiredState"),
            message=text_in(answer, "Status", "Message"),
            error=text_in(answer, "Status", "Err"),
            exit_code=count_or_none(answer, "Status", "ContainerStatus", "ExitCode"),
            since=moment_in(answer, "Status", "Timestamp"),
            created=moment_in(answer, "CreatedAt"),
            spec=_digest_of(part_of(answer, "Spec")),
            label=version_label(values, image),
            image=image.partition("@")[0],
        )

    @property
    def seat(self) -> str:
        """What its service has one wanted task for: a slot, or a node."""
        return str(self.slot) if self.slot else f"on {self.node}"

    def phase(self, is_node_down: bool = False) -> Phase:
        """Where it is; of one on a node that is down nobody knows."""
        if self.state in (Phase.FAILED, Phase.REJECTED):
            return Phase(self.state)
        if self.state in _ENDED:
            return Phase.ENDED
        if is_node_down:
            return Phase.LOST
        if self.desired in _TO_END:
            return Phase.ENDING
        if self.state in _UNPLACED:
            return Phase.PENDING
        return Phase.RUNNING if self.state == Phase.RUNNING else Phase.STARTING


def _digest_of(spec: Mapping[str, Any]) -> str:
    text = json.dumps(spec, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
