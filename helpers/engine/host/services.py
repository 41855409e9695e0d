"""The services that packages bring: none starts because the workbook installed its package.

The learner asked for the workbook's private engine, not for one that runs whenever the machine
does. So nothing is started while packages are set up (policy-rc.d, the distribution's own way to
say so), and what came newly is disabled afterwards; `systemctl enable --now docker` makes it a
service like any other.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

_POLICY = Path("/usr/sbin/policy-rc.d")
_REFUSE = (
    "#!/bin/sh\n# The workbook installs packages just now: nothing is to be started.\nexit 101\n"
)
_UNIT_FOLDERS = (Path("/lib/systemd/system"), Path("/usr/lib/systemd/system"))
_WANTED = Path("/etc/systemd/system")
_SCRIPTS = Path("/etc/init.d")


@contextmanager
def kept_from_starting(policy: Path = _POLICY) -> Iterator[None]:
    """No package starts a service inside; a policy that the machine has already is left alone.

    Exit status 101 means "forbidden by policy": /usr/share/doc/init-system-helpers.
    """
    try:
        handle = os.open(policy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755)
    except FileExistsError:
        yield
        return
    try:
        os.write(handle, _REFUSE.encode())
        os.close(handle)
        policy.chmod(0o755)
        yield
    finally:
        policy.unlink(missing_ok=True)


def known() -> set[str]:
    """The services that the machine has units or init scripts for, with their suffix if any."""
    units = {
        path.name
        for folder in _UNIT_FOLDERS
        for path in folder.glob("*.*")
        if path.suffix in (".service", ".socket", ".timer", ".path") and "@" not in path.name
    }
    scripts = {path.name for path in _SCRIPTS.iterdir()} if _SCRIPTS.is_dir() else set()
    return units | scripts


def disable(names: Set[str]) -> None:
    """None of the services starts with the machine, nor will when it gets an init system."""
    for name in sorted(names):
        if "." not in name:
            _quietly("update-rc.d", name, "disable")
            continue
        _quietly("systemctl", "disable", name)
        for link in _WANTED.glob(f"*.wants/{name}"):  # no systemctl here, but the link is
            link.unlink()


def _quietly(program: str, *words: str) -> None:
    """The command has run, where there is such a program; what it says is of no interest."""
    if shutil.which(program):
        subprocess.run([program, *words], capture_output=True, check=False)
