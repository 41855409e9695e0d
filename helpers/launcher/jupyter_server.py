"""One JupyterLab as a child process: started, waited for, stopped with all that it started."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

from helpers.engine.host.process_family import end_family
from helpers.errors import InvalidInput, SetupFailed
from helpers.launcher.jupyter_settings import JupyterFolders, server_config
from helpers.launcher.open_page import remove_pages, write_page

_START_SECONDS = 90
_LOOK_AGAIN_SECONDS = 0.05
_LOOK_ASIDE_SECONDS = 0.2
_LAST_LINES = 8


class JupyterServer:
    """JupyterLab on 127.0.0.1 with a token; as a context manager it runs as long as the block.

    `state` is a folder for what lasts; `environment` is added to that of this process.
    """

    def __init__(
        self,
        root: Path,
        state: Path,
        port: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        if port is not None:
            refuse_busy_port(port)
        self._root = root
        self._port = port
        self._environment = dict(environment or {})
        self.token = secrets.token_hex(24)
        state.mkdir(parents=True, exist_ok=True)
        _remove_remains(state)
        run = Path(tempfile.mkdtemp(prefix=f"run-{os.getpid()}-", dir=state)) / "lab"
        self.folders = JupyterFolders(run, state)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> JupyterServer:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """The process, on its way; `wait_until_ready` tells when it answers."""
        self.folders.write(server_config(self._root, self._port, self.token))
        with self.folders.log.open("wb") as log:
            self._process = subprocess.Popen(
                # -P: in its folder are the learner's files, which may be called random.py.
                [sys.executable, "-P", "-m", "jupyterlab"],
                cwd=self._root,
                env={**os.environ, **self._environment, **self.folders.environment()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self, seconds: float = _START_SECONDS) -> str:
        """Its address without the token, once it answers; raises SetupFailed."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.has_ended():
                raise self._failure("JupyterLab ended while it started.")
            if (address := self._address()) and self._answers(address):
                return address
            time.sleep(_LOOK_AGAIN_SECONDS)
        raise self._failure(f"JupyterLab did not answer within {seconds:.0f} s.")

    def url(self, notebook: str = "") -> str:
        """Where a browser opens it, on that notebook (a path below the root); with the token."""
        return f"{self.plain_url(notebook)}?token={self.token}"

    def plain_url(self, notebook: str = "") -> str:
        """The same without the token, which JupyterLab then asks for."""
        return f"{self._address()}{f'lab/tree/{notebook}' if notebook else 'lab'}"

    def page(self, notebook: str = "") -> Path:
        """A file that sends a browser there with the token; it is gone when the server stops."""
        return write_page(self._root, self.url(notebook))

    def has_ended(self) -> bool:
        """Whether the process is no longer there."""
        return self._process is None or self._process.poll() is not None

    def wait(self) -> None:
        """Returns when the learner shut it down from its own menu.

        In short sleeps: Python notes a Ctrl-C and waits on where it comes in the moment before a
        wait, or to another thread; without an end, such a wait would never hear of it.
        """
        while not self.has_ended():
            time.sleep(_LOOK_ASIDE_SECONDS)

    def stop(self) -> None:
        """Nothing left: server, kernels, terminals and what they started, and its run folder."""
        if self._process is not None:
            end_family(self._process.pid)
            self._process.wait()
            self._process = None
        shutil.rmtree(self.folders.run.parent, ignore_errors=True)
        remove_pages(self._root)

    def _address(self) -> str:
        for path in self.folders.runtime.glob("jpserver-*.json"):
            try:
                info: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                continue
            return f"http://127.0.0.1:{info['port']}{info['base_url']}"
        return ""

    def _answers(self, address: str) -> bool:
        request = urllib.request.Request(f"{address}api/status")
        request.add_header("Authorization", f"token {self.token}")
        straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with straight.open(request, timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _failure(self, what: str) -> SetupFailed:
        log = self.folders.log.read_text(encoding="utf-8", errors="replace")
        lines = log.replace(self.token, "…").splitlines()
        end = "\n".join(line[:160] for line in lines[-_LAST_LINES:])
        step = "Try again; if it stays, delete `.venv` and try anew."
        return SetupFailed(what, step, excerpt=end)


def refuse_busy_port(port: int) -> None:
    """Raises InvalidInput when that port of 127.0.0.1 cannot be listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise InvalidInput(
                f"Port {port} is taken or not allowed.",
                "Leave out --port to get a free one, or name another.",
            ) from None


def _remove_remains(state: Path) -> None:
    """Ends what a killed launcher left running, and takes away the folder of that run."""
    for folder in state.glob("run-*-*"):
        if psutil.pid_exists(int(folder.name.split("-")[1])):
            continue
        for info in folder.glob("lab/runtime/jpserver-*.json"):
            pid = int(info.stem.split("-")[1])
            if _belongs_to(pid, folder):
                end_family(pid)
        shutil.rmtree(folder, ignore_errors=True)


def _belongs_to(pid: int, folder: Path) -> bool:
    """Whether that process is the server of that run, and no later one with the same number."""
    try:
        runtime = psutil.Process(pid).environ().get("JUPYTER_RUNTIME_DIR", "")
    except (psutil.Error, OSError):
        return False
    return Path(runtime).is_relative_to(folder)
