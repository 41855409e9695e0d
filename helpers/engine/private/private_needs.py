"""What a private engine needs of the machine: Linux, root, rights, glibc, overlayfs, room."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from helpers.engine.base.mounts import filesystem_of
from helpers.engine.private.daemon import disk_full
from helpers.engine.private.processes import program
from helpers.errors import SetupFailed

_NEEDED_RIGHTS = {12: "NET_ADMIN", 21: "SYS_ADMIN"}  # bit numbers: linux/capability.h
_LEAST_FREE_BYTES = 64_000_000
_OTHER_ENGINE = "Install and start Docker or Podman here, and try again."


def check_machine() -> None:
    """Nothing is wrong with platform, user and rights; else SetupFailed says what."""
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


def check_system() -> None:
    """This Linux runs Debian's programs, and its kernel has overlayfs; else SetupFailed."""
    if not c_library().startswith("glibc"):
        raise SetupFailed(
            "The private engine's programs need glibc, and this Linux has another C library.",
            _OTHER_ENGINE,
        )
    if not Path("/lib").is_symlink():
        raise SetupFailed(
            "The private engine's programs take the place of /usr, and on this Linux /lib is no "
            "link into it.",
            _OTHER_ENGINE,
        )
    if not _has_overlayfs():
        raise SetupFailed(
            "This kernel has no overlayfs, on which images and containers are stored.",
            "Load it where the kernel has it as a module (modprobe overlay), or use an engine on "
            "another machine (DOCKER_HOST).",
        )


def c_library() -> str:
    """The C library and its version, such as 'glibc 2.36'; empty where it is another one."""
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (ValueError, OSError):
        return ""


def _has_overlayfs(filesystems: Path = Path("/proc/filesystems")) -> bool:
    """Whether the kernel knows it, once its module was asked for."""
    if "overlay" in filesystems.read_text().split():
        return True
    if modprobe := program("modprobe"):
        subprocess.run([modprobe, "overlay"], capture_output=True, check=False)
    return "overlay" in filesystems.read_text().split()


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
