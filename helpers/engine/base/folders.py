"""Where the workbook keeps what it makes: three folders of the user's own.

They follow the platform's customs (the XDG folders on Linux). WORKBOOK_HOME puts all three
into one folder, which is what a classroom image or a test wants. Each is made where it is missing,
for this user alone; SetupFailed where another user could have a hand in it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from helpers.engine.base.own_folder import own_folder

_APP = "docker-workbook"
_XDG = {
    "cache": ("XDG_CACHE_HOME", ".cache"),
    "state": ("XDG_STATE_HOME", ".local/state"),
    "data": ("XDG_DATA_HOME", ".local/share"),
}


def cache_dir() -> Path:
    """The folder for what can be made again: finished stand-ins, downloaded packages."""
    return own_folder(_home("cache") or _platform("cache"))


def state_dir() -> Path:
    """The folder for what the workbook remembers: progress, what it supplied, logs."""
    return own_folder(_home("state") or _platform("state"))


def data_dir() -> Path:
    """The folder for what is big and kept: the private engine's images and containers."""
    return own_folder(_home("data") or _platform("data"))


def _home(kind: str) -> Path | None:
    """WORKBOOK_HOME/kind as an absolute path, or None where the variable is not set."""
    home = os.environ.get("WORKBOOK_HOME")
    return Path(home).expanduser().absolute() / kind if home else None


def _platform(kind: str) -> Path:
    """The platform's folder of that kind; platformdirs comes with the environment.

    On Linux it is told without, for what runs before there is one: an engine is fetched then.
    Source: the XDG Base Directory Specification.
    """
    if sys.platform == "linux":
        variable, usual = _XDG[kind]
        chosen = os.environ.get(variable, "").strip()
        return Path(chosen or Path.home() / usual).absolute() / _APP
    import platformdirs

    folders = {
        "cache": platformdirs.user_cache_path,
        "state": platformdirs.user_state_path,
        "data": platformdirs.user_data_path,
    }
    return folders[kind](_APP, appauthor=False)
