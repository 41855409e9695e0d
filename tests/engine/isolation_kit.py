"""Containers with rights of many kinds, and what this machine is like before and after."""

from __future__ import annotations

import ctypes
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from helpers.engine.container.container import Container
from helpers.engine.docker import Docker
from helpers.engine.isolation.reader import WallReader
from helpers.engine.isolation.trials import Trials
from helpers.model.isolation.acts import ACTS, predicted
from helpers.model.isolation.caps import NAMES, names_in, short
from helpers.model.isolation.namespaces import is_shared
from helpers.model.isolation.trial import Outcome, Trial, agrees
from tests.engine.conftest import BUSYBOX

MANY = ["SYS_TIME", "SYSLOG", "SYS_NICE", "NET_ADMIN", "SYS_PTRACE", "DAC_READ_SEARCH"]
HOSTS = {"pid_mode": "host", "network_mode": "host", "uts_mode": "host", "ipc_mode": "host"}
# By name: the user, and the options of the SDK's create_host_config.
OPTION_SETS: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": ("", {}),
    "drop-all": ("", {"cap_drop": ["ALL"]}),
    "drop-two": ("", {"cap_drop": ["NET_RAW", "MKNOD"]}),
    "few": ("", {"cap_drop": ["ALL"], "cap_add": ["CHOWN", "SETUID", "SETGID"]}),
    "many": ("", {"cap_add": MANY}),
    "user": ("65534:65534", {}),
    "user-added": ("1234", {"cap_add": MANY}),
    "no-new-privileges": ("", {"security_opt": ["no-new-privileges"]}),
    "read-only": ("", {"read_only": True}),
    "read-only-hosts-memory": ("", {"read_only": True, "ipc_mode": "host"}),
    "unfiltered": ("", {"security_opt": ["seccomp=unconfined"], "cap_add": ["SYS_ADMIN"]}),
    "no-network": ("", {"network_mode": "none", "cap_drop": ["CHOWN"]}),
}


def rights_here() -> list[str]:
    """The capabilities that this process may pass on: all that an engine on it can give."""
    text = Path("/proc/self/status").read_text(encoding="utf-8")
    mask = next(line.split()[1] for line in text.splitlines() if line.startswith("CapBnd"))
    return [short(name) for name in NAMES if name in names_in(int(mask, 16))]


def everything() -> dict[str, Any]:
    """What is nearest to --privileged on this machine, with the host's own namespaces."""
    return {
        "cap_add": rights_here(),
        "security_opt": ["seccomp=unconfined", "apparmor=unconfined"],
        **HOSTS,
    }


def container_with(
    docker: Docker, name: str, user: str, options: dict[str, Any], image: str = BUSYBOX
) -> Container:
    """A container of the test's that sleeps, with these options."""
    api = docker.client.api
    command = ["sleep", "600"] if image == BUSYBOX else None
    made = api.create_container(
        image,
        command,
        name=name,
        user=user,
        labels={"workbook.lesson": docker.lesson},
        stop_signal="SIGKILL",
        host_config=api.create_host_config(**options),
    )["Id"]
    api.start(made)
    return docker.container(made)


def tried(docker: Docker, user: str, options: dict[str, Any]) -> list[Trial]:
    """Each act tried in a container with these options; all of them agree with its lamps."""
    box = container_with(docker, "wbt-tried", user, options)
    reader = WallReader(docker.client, docker.lesson)
    now = reader.side_by_side(box.id, box.id)
    trials = [Trials(reader).trial(box.id, cap, now, 0) for cap in ACTS]
    assert now.a.status is not None
    rights = now.a.status.effective or frozenset()
    in_hosts = is_shared("user", now.a.namespaces, now.host.namespaces)
    wrong = [t for t in trials if agrees(t, predicted(t.cap, rights, in_hosts)) is False]
    assert wrong == []
    assert "workbook-try" not in str(box.exec("ls / /dev/shm"))
    assert "workbook-try" not in repr(box.diff())
    return trials


def counted(trials: list[Trial], outcome: Outcome) -> set[str]:
    return {trial.cap.removeprefix("CAP_") for trial in trials if trial.outcome is outcome}


@contextmanager
def unharmed_machine() -> Iterator[None]:
    """A block after which this machine is as it was before: a test of whatever is in it."""
    before, offset = _facts(), _clock_offset()
    yield
    assert _facts() == before
    assert abs(_clock_offset() - offset) < 0.5


def _facts() -> dict[str, object]:
    kept = ("/etc/passwd", "/etc/shadow", "/etc/group", "/etc/hostname", "/proc/sys/kernel/printk")
    texts: dict[str, object] = {path: _text(Path(path)) for path in kept}
    return texts | {
        "host name": socket.gethostname(),
        "settings": _settings(),
        "running": [name for name in _names("/run") if not name.startswith("docker-workbook")],
        "mounts": _mounts(),
        "devices": [name for name in _names("/dev") if not name.startswith("loop")],
        "modules": sorted(line.split()[0] for line in _text(Path("/proc/modules")).splitlines()),
        "shared memory": [name for name in _names("/dev/shm") if "workbook-try" in name],
        "loopback": _text(Path("/sys/class/net/lo/mtu")),
        "tick": _tick(),
    }


def _names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def _settings() -> dict[str, tuple[int, int]]:
    """{path: (when it was changed, in ns since 1970, its bytes)} of each file below /etc."""
    stats = {str(path): path.lstat() for path in Path("/etc").rglob("*")}
    return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in stats.items()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def _mounts() -> list[str]:
    """The mounts of this machine, but for those of engines, which come and go."""
    lines = _text(Path("/proc/self/mounts")).splitlines()
    own = ("/docker-workbook", "/wbpriv", "/run/docker", "nsfs", "overlay")
    return sorted(line for line in lines if not any(word in line for word in own))


def _clock_offset() -> float:
    """Seconds from the machine's start, by the clock that can be set less the one that cannot."""
    return time.clock_gettime(time.CLOCK_REALTIME) - time.clock_gettime(time.CLOCK_MONOTONIC)


def _tick() -> int:
    """The length of the clock's tick in microseconds (adjtimex(2), which changes nothing so)."""
    buffer = ctypes.create_string_buffer(512)
    assert ctypes.CDLL(None, use_errno=True).adjtimex(buffer) >= 0
    return int.from_bytes(buffer.raw[88:96], "little")
