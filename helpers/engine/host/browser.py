"""Which browser the tests can drive on this machine."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

_COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
_MAC_APPLICATIONS = ("Google Chrome", "Chromium", "Microsoft Edge")
_WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_WINDOWS_PROGRAMS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
_PLAYWRIGHT_PROGRAMS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium-*/chrome-win*/chrome.exe",
)


def find_browser() -> Path | None:
    """The program of the first Chromium, Chrome or Edge; None where there is none."""
    return next(_programs(), None)


def _programs() -> Iterator[Path]:
    for command in _COMMANDS:
        if path := shutil.which(command):
            yield Path(path)
    if sys.platform == "darwin":
        programs = [
            Path("/Applications", f"{name}.app", "Contents/MacOS", name)
            for name in _MAC_APPLICATIONS
        ]
        yield from (path for path in programs if path.exists())
    if sys.platform == "win32":
        roots = [os.environ[name] for name in _WINDOWS_ROOTS if name in os.environ]
        programs = [Path(root, program) for program in _WINDOWS_PROGRAMS for root in roots]
        yield from (path for path in programs if path.exists())
    for pattern in _PLAYWRIGHT_PROGRAMS:
        yield from sorted(_playwright_folder().glob(pattern))


def _playwright_folder() -> Path:
    """Where Playwright keeps the browsers that it downloads."""
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen and chosen != "0":
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", ""), "ms-playwright")
    cache = "Library/Caches" if sys.platform == "darwin" else ".cache"
    return Path.home() / cache / "ms-playwright"
