"""The browser that the tests drive, installed where it is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from helpers.engine.host import packages
from helpers.engine.host.browser import find_browser
from helpers.engine.host.distribution import Distribution
from helpers.errors import SetupFailed
from helpers.launcher.progress_line import ProgressLine

_DRIVER = ("libatomic1",)  # Playwright brings a Node of its own, which is linked against it
_DEBIAN = ("chromium", "fonts-liberation", "fonts-dejavu-core", "fonts-noto-color-emoji")


def ensure_browser(install: bool = True) -> Path:
    """A Chromium, installed where it is missing and may be. Raises SetupFailed."""
    if install:
        _ensure_driver()
    if browser := find_browser():
        return browser
    if not install:
        raise SetupFailed(
            "There is no Chromium for the browser tests.", "Install one, or leave out --no-install."
        )
    if not _from_debian():
        _from_playwright()
    if browser := find_browser():
        return browser
    raise SetupFailed("Chromium was installed and cannot be found.", "Put it on PATH.")


def _ensure_driver() -> None:
    """What the browser's driver is linked against is there, where packages can be installed."""
    if not Distribution.read().family or not packages.can_install()[0]:
        return
    if absent := packages.missing(list(_DRIVER)):
        with ProgressLine(f"Installing {', '.join(absent)} for the browser's driver") as line:
            packages.install(absent, line.update)


def _from_debian() -> bool:
    """Whether Debian's own package was installed; Ubuntu's is a snap, which no container runs."""
    if Distribution.read().family != "debian" or not packages.can_install()[0]:
        return False
    with ProgressLine("Installing Chromium for the browser tests") as line:
        packages.install(list(_DEBIAN), line.update)
    return True


def _from_playwright() -> None:
    command = [sys.executable, "-P", "-m", "playwright", "install", "chromium"]
    with ProgressLine("Downloading Chromium for the browser tests"):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()[-4:]
        raise SetupFailed(
            "Chromium could not be downloaded:",
            "Install Chromium by hand; the tests take it from PATH.",
            excerpt="\n".join(lines),
        )
