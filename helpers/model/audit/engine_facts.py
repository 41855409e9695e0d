"""What an audit has to know of the engine: which walls its kernel has to offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.text.answer_parts import text_in, texts_of


@dataclass(frozen=True)
class EngineFacts:
    """What `docker info` says of the walls; None in `swarm` where it says nothing of swarms."""

    has_apparmor: bool = False
    has_selinux: bool = False
    has_seccomp: bool = True
    forbids_new_privileges: bool = False
    swarm: str | None = "inactive"

    @classmethod
    def from_info(cls, info: Mapping[str, Any]) -> EngineFacts:
        """The facts in the Engine API's answer to GET /info."""
        options = {
            part.partition("=")[2]
            for option in texts_of(info, "SecurityOptions")
            for part in option.split(",")
            if part.startswith("name=")
        }
        return cls(
            "apparmor" in options,
            "selinux" in options,
            "seccomp" in options,
            "no-new-privileges" in options,
            text_in(info, "Swarm", "LocalNodeState") or None,
        )
