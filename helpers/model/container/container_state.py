"""What `docker inspect` says of a container, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers.model.container.limits import NO_LIMITS, Limits
from helpers.model.container.published import reached_at
from helpers.model.container.restart_policy import NO_RESTARTS, RestartPolicy
from helpers.model.text.answer_parts import (
    count_in,
    flag_in,
    part_of,
    table_of_texts,
    tables_of,
    text_in,
)

ENDED = ("exited", "dead")


@dataclass(frozen=True)
class ContainerState:
    """A container at one moment.

    `published` is {'80/tcp': ((address, port), …)} of the host; `exit_code` is None until the
    first process has ended; `pid` is that process's number on the host, 0 when there is none.
    `health` is starting, healthy or unhealthy, '' without a health check. `memory_swap_bytes` is
    what it may use of memory and swap together, None where that has no limit of its own.
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
    health: str = ""
    limits: Limits = NO_LIMITS
    memory_swap_bytes: int | None = None
    started: str = ""
    finished: str = ""
    restart_rule: RestartPolicy = NO_RESTARTS

    @classmethod
    def from_inspect(cls, answer: Mapping[str, Any]) -> ContainerState:
        """The state in the Engine API's answer to GET /containers/{id}/json."""
        state, host = part_of(answer, "State"), part_of(answer, "HostConfig")
        status = text_in(state, "Status")
        return cls(
            name=text_in(answer, "Name").removeprefix("/"),
            image=text_in(answer, "Config", "Image"),
            image_id=text_in(answer, "Image"),
            status=status,
            exit_code=count_in(state, "ExitCode") if status in ENDED else None,
            pid=count_in(state, "Pid"),
            error=text_in(state, "Error"),
            oom_killed=flag_in(state, "OOMKilled"),
            restart_count=count_in(answer, "RestartCount"),
            restart_policy=text_in(host, "RestartPolicy", "Name") or "no",
            created=text_in(answer, "Created"),
            labels=table_of_texts(answer, "Config", "Labels"),
            published=_published(part_of(answer, "NetworkSettings", "Ports")),
            health=text_in(state, "Health", "Status"),
            limits=Limits.from_inspect(answer),
            memory_swap_bytes=_positive(count_in(host, "MemorySwap")),
            started=text_in(state, "StartedAt"),
            finished=text_in(state, "FinishedAt"),
            restart_rule=RestartPolicy.from_inspect(answer),
        )

    @property
    def may_be_restarted(self) -> bool:
        """Whether its restart policy can still start it again, if nobody asked it to end.

        Docker says `restarting` until it does; Podman says `exited`, as for good.
        """
        code = self.exit_code
        return code is not None and self.restart_rule.restarts(code, self.restart_count)

    def address_of(self, port: str, machine: str) -> str | None:
        """'address:port' at which a program on this machine reaches that port ('80/tcp').

        `machine` is where the engine's machine is reached; None where the port is not published,
        or for that machine alone.
        """
        return reached_at(self.published.get(port, ()), machine)

    def why_unreachable(self, port: int | str | None, machine: str) -> tuple[str, str]:
        """Why no program of this machine reaches that port of it, and what to do."""
        key = str(port) if "/" in str(port) else f"{port}/tcp"
        for address, number in self.published.get(key, ()):
            shown = f"[{address}]" if ":" in address else address
            return (
                f"{self.name} publishes port {port} on {shown}:{number} of {machine} alone, where "
                "this machine does not reach it.",
                f"Publish it on every address there (`-p {number}:{key.split('/')[0]}`), or bring "
                f"it here: `ssh -N -L {number}:{shown}:{number} {machine}`.",
            )
        if self.status != "running":
            return (
                f"{self.name} is {self.status}, so none of its ports is reachable.",
                "Start it, or look at its `logs()`.",
            )
        if port is None:
            return f"{self.name} publishes {', '.join(self.published) or 'no port'}.", "Name one."
        return (
            f"{self.name} does not publish port {port}.",
            f"Run it with `ports={{{str(port).split('/')[0]}: 4000}}`.",
        )


def _published(ports: Mapping[str, Any]) -> dict[str, tuple[tuple[str, int], ...]]:
    """The ports that are bound; Podman leaves out the address where it is every one."""
    bound = {
        port: tuple(
            (text_in(item, "HostIp"), number)
            for item in tables_of(ports, port)
            if (number := count_in(item, "HostPort"))
        )
        for port in ports
    }
    return {str(port): items for port, items in bound.items() if items}


def _positive(number: int) -> int | None:
    """The number where it is a limit: 0 and -1 stand for none."""
    return number if number > 0 else None
