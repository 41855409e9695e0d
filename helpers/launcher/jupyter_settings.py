"""The settings under which the workbook's JupyterLab runs: quiet, local, apart from any other."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OVERRIDES: dict[str, dict[str, Any]] = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": False},
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}
# Each page would have JupyterLab see whether it must be built anew, which takes Node.js seconds.
PAGE: dict[str, Any] = {
    "disabledExtensions": {"jupyterlab-jupytext": True},
    "buildCheck": False,
    "buildAvailable": False,
}
_HIDDEN = ["__pycache__", "*.pyc", ".DS_Store", "*~", "*.lock"]
_PORTS_TRIED = 50
FIRST_PORT = 8888


@dataclass(frozen=True)
class JupyterFolders:
    """Where one run of JupyterLab keeps its files (`run`), and what lasts (`lasting`)."""

    run: Path
    lasting: Path

    @property
    def runtime(self) -> Path:
        """Where the server writes its address."""
        return self.run / "runtime"

    @property
    def log(self) -> Path:
        """What the server has to say."""
        return self.run / "lab.log"

    def environment(self) -> dict[str, str]:
        """The variables that keep the learner's own Jupyter out of this one, and this out of it.

        Layout and open tabs belong to one run; settings and history last.
        """
        return {
            "JUPYTER_PREFER_ENV_PATH": "1",
            "JUPYTER_CONFIG_DIR": str(self.run / "config"),
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
            "JUPYTERLAB_WORKSPACES_DIR": str(self.run / "workspaces"),
            "JUPYTERLAB_SETTINGS_DIR": str(self.lasting / "settings"),
            "JUPYTER_DATA_DIR": str(self.lasting / "data"),
            "IPYTHONDIR": str(self.lasting / "ipython"),
        }

    def write(self, config: dict[str, Any]) -> None:
        """The folders and files of a run; only this user can read them (the token is in them)."""
        self.run.mkdir(parents=True, mode=0o700)
        for folder in (self.runtime, self.run / "config/labconfig"):
            folder.mkdir(parents=True)
        for name in ("settings", "data", "ipython"):
            (self.lasting / name).mkdir(parents=True, exist_ok=True)
        files = {
            "jupyter_server_config": config,
            "labconfig/default_setting_overrides": OVERRIDES,
            "labconfig/page_config": PAGE,
        }
        for name, content in files.items():
            path = self.run / f"config/{name}.json"
            path.touch(mode=0o600)
            path.write_text(json.dumps(content, indent=1), encoding="utf-8")


def server_config(root: Path, port: int | None, token: str) -> dict[str, Any]:
    """The server's configuration; without a port it takes the first free one from 8888 on."""
    return {
        "ServerApp": {
            "ip": "127.0.0.1",
            "port": port or FIRST_PORT,
            "port_retries": 0 if port else _PORTS_TRIED,
            "open_browser": False,
            "root_dir": str(root),
            "allow_root": _is_root(),
            # Only the tests bring it; the learner's JupyterLab is the same with and without them.
            "jpserver_extensions": {"jupyterlab_jupytext": False},
            "terminado_settings": _terminal(),
        },
        "IdentityProvider": {"token": token},
        "ContentsManager": {"hide_globs": _HIDDEN},
        "LabApp": {
            "extension_manager": "readonly",
            "news_url": None,
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        },
    }


def _terminal() -> dict[str, list[str]]:
    """A shell that keeps the server's PATH, and so has the `docker` of the cells.

    Left to itself JupyterLab starts a login shell where it is no terminal's child, and
    /etc/profile of a Debian sets PATH anew.
    """
    shell = os.environ.get("SHELL") or shutil.which("bash") or shutil.which("sh")
    return {"shell_command": [shell]} if os.name != "nt" and shell else {}


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
