"""One pod: where it is, what it comes to, and what its containers are at.

Source of the fields: Kubernetes API reference, "Pod" of v1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from helpers.model.kubernetes.meta import Meta
from helpers.model.kubernetes.pod_status import end_of, is_ready, pod_status
from helpers.model.kubernetes.workload import version_of
from helpers.model.text.answer_parts import count_in, part_of, tables_of, text_in

_ON_THE_WAY = ("", "ContainerCreating", "PodInitializing")


class Phase(StrEnum):
    """What a pod's state comes to for whoever counts on it."""

    UNPLACED = "no node"
    PLACED = "has a node"
    STARTING = "starting"
    READY = "ready"
    UNREADY = "not ready"
    FAILING = "failing"
    ENDING = "terminating"
    ENDED = "ended"
    LOST = "unknown"


@dataclass(frozen=True)
class Pod:
    """A pod at one moment.

    `status` is kubectl's word for it; `message` why it waits or fails, in the words of who said
    so; `last_end` how a container of it ended before, as 'OOMKilled, exit code 137'. `is_taken`
    says whether a kubelet has begun with it.
    """

    meta: Meta
    node: str = ""
    ip: str = ""
    status: str = ""
    phase: Phase = Phase.UNPLACED
    message: str = ""
    last_end: str = ""
    is_ready: bool = False
    is_taken: bool = False
    restarts: int = 0
    ready_containers: int = 0
    containers: int = 0
    version: str = ""
    image: str = ""

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Pod:
        """The pod in an answer of the API."""
        first = next(iter(tables_of(answer, "spec", "containers")), {})
        statuses = tables_of(answer, "status", "containerStatuses")
        return cls(
            meta=Meta.from_answer(answer),
            node=text_in(answer, "spec", "nodeName"),
            ip=text_in(answer, "status", "podIP"),
            status=pod_status(answer),
            phase=phase_of(answer),
            message=_message_in(answer),
            last_end=next((end for each in statuses if (end := _last_end(each))), ""),
            is_ready=is_ready(answer),
            is_taken=bool(statuses or text_in(answer, "status", "startTime")),
            restarts=sum(count_in(each, "restartCount") for each in statuses),
            ready_containers=sum(each.get("ready") is True for each in statuses),
            containers=len(tables_of(answer, "spec", "containers")),
            version=version_of(first),
            image=text_in(first, "image").partition("@")[0],
        )

    @property
    def short_name(self) -> str:
        """The end of its name, by which it is reported from its sisters."""
        return self.meta.name.rpartition("-")[2] if self.meta.owner else self.meta.name

    @property
    def is_wanted(self) -> bool:
        """Whether it counts among those that its owner is to have."""
        return self.phase not in (Phase.ENDING, Phase.ENDED)


def phase_of(answer: Mapping[str, Any]) -> Phase:
    """What the pod's state comes to."""
    reported = text_in(answer, "status", "phase")
    if text_in(answer, "metadata", "deletionTimestamp"):
        return Phase.ENDING
    if reported in ("Succeeded", "Unknown"):
        return Phase.ENDED if reported == "Succeeded" else Phase.LOST
    if reported == "Failed" or any(map(_is_failing, _statuses(answer))):
        return Phase.FAILING
    if not text_in(answer, "spec", "nodeName"):
        return Phase.UNPLACED
    if reported == "Running":
        return Phase.READY if is_ready(answer) else Phase.UNREADY
    has_begun = part_of(answer, "status").get("startTime")
    return Phase.STARTING if has_begun else Phase.PLACED


def _statuses(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Those of all its containers, the ones that only prepare it first."""
    kinds = ("initContainerStatuses", "containerStatuses")
    return [each for kind in kinds for each in tables_of(answer, "status", kind)]


def _is_failing(container: Mapping[str, Any]) -> bool:
    if text_in(container, "state", "waiting", "reason") not in _ON_THE_WAY:
        return True
    return count_in(container, "state", "terminated", "exitCode") != 0


def _last_end(container: Mapping[str, Any]) -> str:
    ended = part_of(container, "lastState", "terminated")
    if not ended:
        return ""
    return f"{end_of(ended)}, exit code {count_in(ended, 'exitCode')}"


def _message_in(answer: Mapping[str, Any]) -> str:
    """Why it waits or fails: a container's reason, the scheduler's, or the pod's own."""
    for each in _statuses(answer):
        for state in ("waiting", "terminated"):
            if message := text_in(each, "state", state, "message"):
                return message
    for each in tables_of(answer, "status", "conditions"):
        is_placed = text_in(each, "type") == "PodScheduled"
        if is_placed and text_in(each, "status") == "False":
            return text_in(each, "message")
    return text_in(answer, "status", "message")
