"""One node of a swarm. Source of the fields: Engine API, "List nodes"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.text.answer_parts import part_of, table_of_texts, text_in


@dataclass(frozen=True)
class Node:
    """A node as the managers see it.

    `state` is ready, down, unknown or disconnected; `availability` active, pause or drain;
    `reachability` empty for a worker. `message` is why it is in that state.
    """

    id: str
    name: str = ""
    state: str = ""
    availability: str = ""
    role: str = ""
    is_leader: bool = False
    reachability: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    message: str = ""

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Node:
        """The node in an entry of GET /nodes."""
        identity = text_in(answer, "ID")
        return cls(
            id=identity,
            name=text_in(answer, "Description", "Hostname") or identity[:12],
            state=text_in(answer, "Status", "State"),
            availability=text_in(answer, "Spec", "Availability"),
            role=text_in(answer, "Spec", "Role"),
            is_leader=part_of(answer, "ManagerStatus").get("Leader") is True,
            reachability=text_in(answer, "ManagerStatus", "Reachability"),
            labels=tuple(sorted(table_of_texts(answer, "Spec", "Labels").items())),
            message=text_in(answer, "Status", "Message"),
        )

    @property
    def is_down(self) -> bool:
        """Whether the managers hear nothing of it."""
        return self.state == "down"
