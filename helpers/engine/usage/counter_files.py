"""Where on this machine a container's counters lie: its control group's files and its network's."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.engine.base.mounts import Mount, mounts
from helpers.model.container.limits import Limits
from helpers.model.usage.control_group import V1_FILES, V2_FILES, reading_v1, reading_v2
from helpers.model.usage.usage import Reading

_MOST_BYTES = 16_384
_PROCESSES = Path("/proc")


@dataclass(frozen=True)
class CounterFiles:
    """The files of one run of a container, by name, and its network's; `pid` is the host's."""

    pid: int
    is_v2: bool
    files: Mapping[str, str]
    network: str | None

    def read(self, clock: Callable[[], float], limits: Limits, machine_bytes: int) -> Reading:
        """The reading now; raises OSError once the control group is gone."""
        at = clock()
        texts = {name: _text(path) for name, path in self.files.items()}
        network = None if self.network is None else _text(self.network)
        form = reading_v2 if self.is_v2 else reading_v1
        return form(texts, network, at, limits, machine_bytes)


def counter_files_of(
    container_id: str,
    pid: int,
    has_own_network: bool,
    among: Iterable[Mount] | None = None,
    processes: Path = _PROCESSES,
) -> CounterFiles | None:
    """The counters of a running container, whose first process has that number for the engine.

    None where it is not of this machine, or where this process may not read it. The number alone
    would prove nothing, since an engine in a VM counts its own; the group's name has the whole id.
    """
    try:
        groups = _groups(container_id, (processes / str(pid) / "cgroup").read_text())
        points = [
            mount
            for mount in (mounts() if among is None else among)
            if mount.kind in ("cgroup", "cgroup2")
        ]
        v1 = _v1(groups, points)
        files = v1 or _v2(groups, points)
        network = str(processes / str(pid) / "net" / "dev") if has_own_network else None
        counters = CounterFiles(pid, not v1, files, network) if files else None
        if counters is not None:
            counters.read(lambda: 0.0, Limits(), 1)
    except (OSError, ValueError):
        return None
    return counters


def _groups(container_id: str, text: str) -> dict[str, str]:
    """{controller: path} of the container's groups, '' the unified one, by /proc/PID/cgroup.

    The path ends at the folder with the id: below it, a container may make groups of its own.
    Paths outside of our own control-group namespace begin with `/..`, and cannot be followed.
    Source: cgroups(7), "/proc/pid/cgroup".
    """
    paths: dict[str, str] = {}
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        parts = path.split("/")
        own = [at for at, part in enumerate(parts) if container_id in part]
        if own and ".." not in parts:
            for controller in controllers.split(","):
                paths[controller] = "/".join(parts[: own[0] + 1])
    return paths


def _v1(groups: Mapping[str, str], points: list[Mount]) -> dict[str, str]:
    """The files of v1 by name; empty where no controller that counts is on v1."""
    paths: dict[str, str] = {}
    for controller, names in V1_FILES.items():
        for mount in points:
            if controller in groups and mount.kind == "cgroup" and _holds(mount, controller):
                paths |= _present(mount, groups[controller], names)
    return paths


def _v2(groups: Mapping[str, str], points: list[Mount]) -> dict[str, str]:
    for mount in points:
        if "" in groups and mount.kind == "cgroup2":
            return _present(mount, groups[""], V2_FILES)
    return {}


def _holds(mount: Mount, controller: str) -> bool:
    return controller in mount.options.split(",")


def _present(mount: Mount, group: str, names: Iterable[str]) -> dict[str, str]:
    """Those of the files that are there; a mount may show a part of its hierarchy only."""
    below = group.removeprefix(mount.root.rstrip("/"))
    folder = f"{mount.point}{below}"
    paths = {name: f"{folder}/{name}" for name in names}
    return {name: path for name, path in paths.items() if Path(path).exists()}


def _text(path: str) -> bytes:
    """What a file says now. Opened each time: a handle would outlive the group, fifty use many."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, _MOST_BYTES)
    finally:
        os.close(descriptor)
