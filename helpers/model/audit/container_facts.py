"""What an audit has to know of a container, as `docker inspect` and `docker top` have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


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
        host, config = _mapping(answer, "HostConfig"), _mapping(answer, "Config")
        restart, health = _mapping(host, "RestartPolicy"), _mapping(answer, "State", "Health")
        return cls(
            name=_text(answer, "Name").removeprefix("/"),
            user=_text(config, "User"),
            apparmor_profile=_text(answer, "AppArmorProfile"),
            security_options=_texts(host, "SecurityOpt"),
            cap_add=_texts(host, "CapAdd"),
            is_privileged=bool(host.get("Privileged")),
            mounts=tuple(_mounts(answer)),
            published=tuple(_published(answer)),
            network=_text(host, "NetworkMode"),
            memory_bytes=_number(host, "Memory"),
            cpu_shares=_number(host, "CpuShares"),
            nano_cpus=_number(host, "NanoCpus"),
            cpu_quota=_number(host, "CpuQuota"),
            is_read_only=bool(host.get("ReadonlyRootfs")),
            restart_policy=_text(restart, "Name") or "no",
            most_restarts=_number(restart, "MaximumRetryCount"),
            pid_mode=_text(host, "PidMode"),
            ipc_mode=_text(host, "IpcMode"),
            uts_mode=_text(host, "UTSMode"),
            user_namespace=_text(host, "UsernsMode"),
            devices=tuple(_text(device, "PathOnHost") for device in _items(host, "Devices")),
            ulimits=tuple(_text(limit, "Name") for limit in _items(host, "Ulimits")),
            cgroup_parent=_text(host, "CgroupParent"),
            health=_text(health, "Status") or None,
            pids_limit=_number(host, "PidsLimit") if _number(host, "PidsLimit") > 0 else None,
            commands=None if commands is None else tuple(commands),
            why_no_commands=why_no_commands,
        )


def _mapping(answer: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """What stands under these keys, one in the other; empty where that is no object."""
    value: Any = answer
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _items(answer: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = answer.get(key)
    rows = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, Mapping)]


def _text(answer: Mapping[str, Any], key: str) -> str:
    value = answer.get(key)
    return value if isinstance(value, str) else ""


def _texts(answer: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = answer.get(key)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _number(answer: Mapping[str, Any], key: str) -> int:
    value = answer.get(key)
    return int(value) if isinstance(value, int | float) and value == value // 1 else 0


def _mounts(answer: Mapping[str, Any]) -> Iterator[MountFact]:
    for mount in _items(answer, "Mounts"):
        yield MountFact(
            _text(mount, "Type"),
            _text(mount, "Source"),
            _text(mount, "Destination"),
            bool(mount.get("RW")),
            _text(mount, "Propagation"),
        )


def _published(answer: Mapping[str, Any]) -> Iterator[PublishedPort]:
    """What is published now; of a container that does not run, what it will publish."""
    bound = _mapping(answer, "NetworkSettings", "Ports")
    if not any(bound.values()):
        bound = _mapping(answer, "HostConfig", "PortBindings")
    for port in bound:
        for item in _items(bound, port):
            number = _text(item, "HostPort")
            is_number = number.isascii() and number.isdecimal() and len(number) < 6
            yield PublishedPort(_text(item, "HostIp"), int(number) if is_number else 0, port)
