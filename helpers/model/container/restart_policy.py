"""What an engine does when a container's first process has ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.text.answer_parts import count_in, part_of, text_in


@dataclass(frozen=True)
class RestartPolicy:
    """A restart policy; `limit` is the most restarts of on-failure, 0 for no limit."""

    name: str = "no"
    limit: int = 0

    @classmethod
    def from_inspect(cls, answer: Mapping[str, Any]) -> RestartPolicy:
        """The policy in an answer of the Engine API's /containers/ID/json."""
        policy = part_of(answer, "HostConfig", "RestartPolicy")
        return cls(text_in(policy, "Name") or "no", count_in(policy, "MaximumRetryCount"))

    def restarts(self, exit_code: int, so_far: int) -> bool:
        """Whether the engine starts it again after that exit code, asked by nobody.

        Source: the Docker documentation, "Start containers automatically".
        """
        if self.name == "on-failure":
            return exit_code != 0 and (not self.limit or so_far < self.limit)
        return self.name in ("always", "unless-stopped")


NO_RESTARTS = RestartPolicy()
