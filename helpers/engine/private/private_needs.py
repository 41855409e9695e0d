"""What a private engine needs of the machine: Linux, root, rights, programs, room on a disk."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from helpers.engine.base.mounts import filesystem_of
from helpers.engine.host.distribution import Distribution, engine_packages
from helpers.engine.private.daemon import disk_full
from helpers.engine.private.processes import program
from helpers.errors import SetupFailed

_PROGRAMS = ("dockerd", "containerd", "runc", "iptables", "iptables-restore", "ip")
_NEEDED_RIGHTS = {12: "NET_ADMIN", 21: "SYS_ADMIN"}  # bit numbers: linux/capability.h
_LEAST_FREE_BYTES = 64_000_000


def check_machine(packages: list[str]) -> None:
    """Nothing is wrong with platform, user, rights and programs; else SetupFailed says what."""
    if not sys.platform.startswith("linux"):
        raise SetupFailed(
            "The workbook's private engine runs on Linux only.",
            "Install Docker Desktop (or Colima, or Rancher Desktop), start it, and try again.",
        )
    if os.geteuid() != 0:
        raise SetupFailed(
            "Only root can start the workbook's private engine.",
            "Run the same command with sudo, or start an engine that you may use.",
        )
    check_rights(Path("/proc/self/status").read_text())
    absent = [name for name in _PROGRAMS if program(name) is None]
    if absent:
        raise SetupFailed(
            f"The private engine needs programs that are not installed here: {', '.join(absent)}.",
            f"Install them: apt-get install --no-install-recommends {' '.join(packages)}",
        )


def check_rights(status: str) -> None:
    """Root really is root: inside a container it may lack what an engine needs."""
    line = next(line for line in status.splitlines() if line.startswith("CapEff:"))
    held = int(line.split()[1], 16)
    absent = [name for bit, name in _NEEDED_RIGHTS.items() if not held >> bit & 1]
    if absent:
        raise SetupFailed(
            f"Root lacks {' and '.join(absent)} here, so it can start no engine.",
            "Start this container with " + " ".join(f"--cap-add {name}" for name in absent) + ".",
        )


def check_space(data_root: Path) -> None:
    """The disk has room to begin with (64 MB); else SetupFailed."""
    if shutil.disk_usage(data_root).free < _LEAST_FREE_BYTES:
        raise disk_full(data_root)


def default_data_root(folder: str, data_dir: Path) -> Path:
    """Where images and containers are kept: the user's data folder, unless overlay lies under it.

    Inside a container most folders are on an overlay, on which overlay2 does not work; then
    /var/lib is next, where a volume may be. The first is taken where none fits.
    """
    choices = [data_dir / folder, Path("/var/lib/docker-workbook", folder)]
    fit = [path for path in choices if filesystem_of(path) != "overlay"]
    return [*fit, *choices][0]


def needed_packages(etc: Path = Path("/etc")) -> list[str]:
    """The distribution's packages that a private engine needs, in its release."""
    return engine_packages(Distribution.read(etc / "os-release", etc / "debian_version"))
