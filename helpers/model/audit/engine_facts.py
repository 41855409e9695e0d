"""What an audit has to know of the engine: which walls its kernel has to offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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
            for option in info.get("SecurityOptions") or ()
            for part in str(option).split(",")
            if part.startswith("name=")
        }
        swarm = info.get("Swarm")
        state = swarm.get("LocalNodeState") if isinstance(swarm, Mapping) else None
        return cls(
            "apparmor" in options,
            "selinux" in options,
            "seccomp" in options,
            "no-new-privileges" in options,
            str(state) if state else None,
        )
