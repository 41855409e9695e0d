"""What an audit has to know of a container, as `docker inspect` and `docker top` have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helpers.model.text.answer_parts import count_in, flag_in, part_of, tables_of, text_in, texts_of


@dataclass(frozen=True)
class MountFact:
    """Something of the host in the container; `kind` is bind, volume, tmpfs or npipe."""

    kind: str
    source: str
    target: str
    is_writable: bool
    propagation: str = ""


@dataclass(frozen=True)
class PublishedPort:
    """A port of the host ('' is every address of it) that leads to one of the container."""

    address: str
    host_port: int
    port: str


@dataclass(frozen=True)
class ContainerFacts:
    """One container at one moment.

    What is 0, '' or empty was not set. `health` is None without a health check, `pids_limit`
    where there is none; `commands` are the command lines of its processes, None where nobody
    could tell, for the reason in `why_no_commands`.
    """

    name: str
    user: str = ""
    apparmor_profile: str = ""
    security_options: tuple[str, ...] = ()
    cap_add: tuple[str, ...] = ()
    is_privileged: bool = False
    mounts: tuple[MountFact, ...] = ()
    published: tuple[PublishedPort, ...] = ()
    network: str = "default"
    memory_bytes: int = 0
    cpu_shares: int = 0
    nano_cpus: int = 0
    cpu_quota: int = 0
    is_read_only: bool = False
    restart_policy: str = "no"
    most_restarts: int = 0
    pid_mode: str = ""
    ipc_mode: str = ""
    uts_mode: str = ""
    user_namespace: str = ""
    devices: tuple[str, ...] = ()
    ulimits: tuple[str, ...] = ()
    cgroup_parent: str = ""
    health: str | None = None
    pids_limit: int | None = None
    commands: tuple[str, ...] | None = field(default=())
    why_no_commands: str = ""

    @classmethod
    def from_inspect(
        cls,
        answer: Mapping[str, Any],
        commands: Sequence[str] | None = (),
        why_no_commands: str = "",
    ) -> ContainerFacts:
        """The facts in the Engine API's answer to GET /containers/{id}/json."""
        host, config = part_of(answer, "HostConfig"), part_of(answer, "Config")
        restart, health = part_of(host, "RestartPolicy"), part_of(answer, "State", "Health")
        return cls(
            name=text_in(answer, "Name").removeprefix("/"),
            user=text_in(config, "User"),
            apparmor_profile=text_in(answer, "AppArmorProfile"),
            security_options=tuple(texts_of(host, "SecurityOpt")),
            cap_add=tuple(texts_of(host, "CapAdd")),
            is_privileged=flag_in(host, "Privileged"),
            mounts=tuple(_mounts(answer)),
            published=tuple(_published(answer)),
            network=text_in(host, "NetworkMode"),
            memory_bytes=count_in(host, "Memory"),
            cpu_shares=count_in(host, "CpuShares"),
            nano_cpus=count_in(host, "NanoCpus"),
            cpu_quota=count_in(host, "CpuQuota"),
            is_read_only=flag_in(host, "ReadonlyRootfs"),
            restart_policy=text_in(restart, "Name") or "no",
            most_restarts=count_in(restart, "MaximumRetryCount"),
            pid_mode=text_in(host, "PidMode"),
            ipc_mode=text_in(host, "IpcMode"),
            uts_mode=text_in(host, "UTSMode"),
            user_namespace=text_in(host, "UsernsMode"),
            devices=tuple(text_in(device, "PathOnHost") for device in tables_of(host, "Devices")),
            ulimits=tuple(text_in(limit, "Name") for limit in tables_of(host, "Ulimits")),
            cgroup_parent=text_in(host, "CgroupParent"),
            health=text_in(health, "Status") or None,
            pids_limit=count_in(host, "PidsLimit") if count_in(host, "PidsLimit") > 0 else None,
            commands=None if commands is None else tuple(commands),
            why_no_commands=why_no_commands,
        )


def _mounts(answer: Mapping[str, Any]) -> Iterator[MountFact]:
    for mount in tables_of(answer, "Mounts"):
        yield MountFact(
            text_in(mount, "Type"),
            text_in(mount, "Source"),
            text_in(mount, "Destination"),
            flag_in(mount, "RW"),
            text_in(mount, "Propagation"),
        )


def _published(answer: Mapping[str, Any]) -> Iterator[PublishedPort]:
    """What is published now; of a container that does not run, what it will publish."""
    bound = part_of(answer, "NetworkSettings", "Ports")
    if not any(bound.values()):
        bound = part_of(answer, "HostConfig", "PortBindings")
    for port in bound:
        for item in tables_of(bound, port):
            number = text_in(item, "HostPort")
            is_number = number.isascii() and number.isdecimal() and len(number) < 6
            yield PublishedPort(text_in(item, "HostIp"), int(number) if is_number else 0, port)
