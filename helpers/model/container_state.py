"""What `docker inspect` says of a container, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ENDED = ("exited", "dead")


@dataclass(frozen=True)
class ContainerState:
    """A container at one moment.

    `published` is {'80/tcp': ((address, port), …)} of the host; `exit_code` is None until the
    first process has ended; `pid` is that process's number on the host, 0 when there is none.
    """

    name: str
    image: str
    image_id: str
    status: str
    exit_code: int | None
    pid: int
    error: str
    oom_killed: bool
    restart_count: int
    restart_policy: str
    created: str
    labels: Mapping[str, str]
    published: Mapping[str, tuple[tuple[str, int], ...]]

    @classmethod
    def from_inspect(cls, found: Mapping[str, Any]) -> ContainerState:
        """The state in the Engine API's answer to GET /containers/{id}/json."""
        state, config = found["State"], found["Config"]
        ports = found["NetworkSettings"].get("Ports") or {}
        return cls(
            name=str(found["Name"]).removeprefix("/"),
            image=str(config["Image"]),
            image_id=str(found["Image"]),
            status=str(state["Status"]),
            exit_code=int(state["ExitCode"]) if state["Status"] in ENDED else None,
            pid=int(state.get("Pid") or 0),
            error=str(state.get("Error") or ""),
            oom_killed=bool(state.get("OOMKilled")),
            restart_count=int(found.get("RestartCount") or 0),
            restart_policy=str(found["HostConfig"]["RestartPolicy"]["Name"] or "no"),
            created=str(found["Created"]),
            labels=dict(config.get("Labels") or {}),
            published={
                port: tuple((item["HostIp"], int(item["HostPort"])) for item in bound)
                for port, bound in ports.items()
                if bound
            },
        )

    def address_of(self, port: str, local: str) -> str | None:
        """'address:port' at which a program on this machine reaches that port ('80/tcp').

        `local` is where the engine's machine is reached; None where the port is not published.
        """
        bound = self.published.get(port)
        if not bound:
            return None
        address, number = bound[0]
        if address in ("", "0.0.0.0", "::"):
            return f"{local}:{number}"
        return f"[{address}]:{number}" if ":" in address else f"{address}:{number}"
