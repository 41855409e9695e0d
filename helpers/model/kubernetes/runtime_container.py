"""A container as the node's own runtime has it.

Source of the labels: Kubernetes 1.20, pkg/kubelet/types/labels.go and pkg/kubelet/dockershim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.text.answer_parts import table_of_texts, text_in

_LABEL = "io.kubernetes."


@dataclass(frozen=True)
class RuntimeContainer:
    """A container of a pod; `is_sandbox` where it is the pause container that holds its network."""

    id: str
    pod: str
    name: str = ""
    is_sandbox: bool = False
    is_running: bool = False

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> RuntimeContainer:
        """The container in an entry of the Engine API's GET /containers/json."""
        labels = table_of_texts(answer, "Labels")
        kind = labels.get(f"{_LABEL}docker.type") or labels.get("io.cri-containerd.kind", "")
        return cls(
            id=text_in(answer, "Id"),
            pod=labels.get(f"{_LABEL}pod.uid", ""),
            name=labels.get(f"{_LABEL}container.name", ""),
            is_sandbox=kind in ("podsandbox", "sandbox"),
            is_running=text_in(answer, "State") == "running",
        )
