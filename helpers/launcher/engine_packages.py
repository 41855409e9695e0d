"""The packages of the workbook's own engine: which are missing, whether they may be installed.

Standard library only: on a bare machine they come while the environment is being made.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from helpers.engine.host import packages
from helpers.engine.private.private_needs import needed_packages
from helpers.errors import WorkbookError
from helpers.launcher.progress_line import ProgressLine

_WITH_ENGINE = ("lab", "run", "render", "test")


def absent_packages() -> list[str]:
    """What is to be installed before the workbook's own engine can run.

    Where another vendor's dockerd is, nothing of Debian's Docker: the two exclude each other.
    """
    absent = packages.missing(needed_packages())
    if "docker.io" in absent and shutil.which("dockerd"):
        return [name for name in absent if not name.startswith("docker")]
    return absent


def why_no_own_engine() -> str:
    """Why this machine cannot run one at all; empty when it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "The workbook's own engine runs on Linux as root only."
    if not needed_packages() and not shutil.which("dockerd"):
        return "The workbook can install an engine on Debian and Ubuntu only."
    return ""


def why_not_install(names: Sequence[str], install: bool) -> str:
    """Why these packages may not be installed; empty when they may. Asks on a terminal."""
    words = ", ".join(names)
    if not install:
        return f"--no-install forbids to install {words}."
    possible, reason = packages.can_install()
    if not possible:
        return reason
    notice = f"No Docker engine answers here. The workbook installs {words} and runs its own."
    print(notice, flush=True)
    if not _is_terminal():
        return ""
    answer = input("Install them? [Y/n] ").strip().lower()
    return "" if answer in ("", "y", "yes") else f"You chose not to install {words}."


def install_packages(names: Sequence[str]) -> None:
    """The packages, installed with one line of progress. Raises SetupFailed."""
    if names:
        with ProgressLine(f"Installing {', '.join(names)}") as line:
            packages.install(names, line.update)


class PackagesAhead:
    """The packages on their way beside other work, where it is plain that they will be needed.

    `refused` is True where somebody was asked and said no. What fails here is tried again, and
    told, by the command that needs the engine.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self.refused = False
        self._thread: threading.Thread | None = None
        self._names = _plainly_needed(arguments)
        if not self._names:
            return
        if why_not_install(self._names, install=True):
            self.refused = True
            return
        self._thread = threading.Thread(target=self._install)
        self._thread.start()

    def wait(self) -> None:
        """Returns when they are installed, or could not be."""
        if self._thread is not None and self._thread.is_alive():
            with ProgressLine(f"Installing {', '.join(self._names)}"):
                self._thread.join()

    def _install(self) -> None:
        try:
            packages.install(self._names)
        except WorkbookError:
            return


def _plainly_needed(arguments: Sequence[str]) -> list[str]:
    """The missing packages, for a command that needs an engine where there is no sign of one.

    In doubt none: then the command itself looks, once the environment is there.
    """
    if not arguments or arguments[0] not in _WITH_ENGINE:
        return []
    if {"--no-install", "--check", "--", "-h", "--help"} & set(arguments) or why_no_own_engine():
        return []
    signs = [Path("/var/run/docker.sock"), Path("/run/podman"), Path.home() / ".docker"]
    if os.environ.get("DOCKER_HOST") or shutil.which("dockerd") or any(map(Path.exists, signs)):
        return []
    return absent_packages()


def _is_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()
