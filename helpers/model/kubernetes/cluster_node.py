"""One machine of a cluster. Source of the fields: Kubernetes API reference, "Node" of v1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.text.answer_parts import part_of, tables_of, text_in


@dataclass(frozen=True)
class ClusterNode:
    """A node; `message` is why it is not ready."""

    name: str
    is_ready: bool = False
    is_cordoned: bool = False
    message: str = ""

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> ClusterNode:
        """The node in an answer of the API."""
        conditions = tables_of(answer, "status", "conditions")
        ready = next((each for each in conditions if text_in(each, "type") == "Ready"), {})
        is_ready = text_in(ready, "status") == "True"
        return cls(
            name=text_in(answer, "metadata", "name"),
            is_ready=is_ready,
            is_cordoned=part_of(answer, "spec").get("unschedulable") is True,
            message="" if is_ready else text_in(ready, "message"),
        )
