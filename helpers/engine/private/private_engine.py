"""The workbook's private engine: a dockerd of its own, started and stopped by the workbook.

It shares nothing with another engine on the machine: its own containerd, data root, socket, run
folder, bridge, address range, filter chains and control group. Its programs are those of packages
that are only unpacked, in a mount namespace of its own. It needs no init system. After it is
stopped, nothing of it is left but its data root and its log.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.engine.base import folders
from helpers.engine.private import daemon_log, private_needs
from helpers.engine.private.answering import pings
from helpers.engine.private.bridge import bridge_name
from helpers.engine.private.daemon_settings import DaemonPaths
from helpers.engine.private.engine_release import STORES, EngineRelease, Store, engine_version
from helpers.engine.private.leases import Leases, exclusive
from helpers.engine.private.private_run import PrivateRun
from helpers.engine.private.processes import ending_in_order, undisturbed
from helpers.errors import InvalidInput, SetupFailed
from helpers.outside import visible_repr

_RUN = Path("/run")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class PrivateEngine:
    """A Docker engine of the workbook's own; engines of different names know nothing of another."""

    def __init__(
        self,
        name: str = "workbook",
        data_root: Path | None = None,
        release: EngineRelease | None = None,
    ) -> None:
        if not _NAME.fullmatch(name):
            raise InvalidInput(
                f"{name!r} cannot name an engine.", "Use up to 32 of a-z, 0-9 and '-'."
            )
        suffix = "" if name == "workbook" else f"-{name}"
        folder = f"docker-workbook{suffix}"
        self.name = name
        self.release = release or EngineRelease()
        self.data_root = data_root or private_needs.default_data_root(
            f"engine{suffix}-{self.release.store}", folders.data_dir()
        )
        self.log_path = folders.state_dir() / f"engine{suffix}.log"
        self._paths = DaemonPaths(
            _RUN / folder, self.data_root, bridge_name(name), control_group=folder
        )
        self._run = PrivateRun(name, self._paths, self.log_path)
        self._lock = _RUN / f"{folder}.lock"
        self._leases = Leases(_RUN / f"{folder}.leases")
        self._note = self._paths.run_dir / "release.json"

    @visible_repr
    def __repr__(self) -> str:
        return f"PrivateEngine({self.name!r})"

    @property
    def host(self) -> str:
        """The address for DOCKER_HOST."""
        return f"unix://{self._paths.socket}"

    def sentence(self) -> str:
        """What it is: its version, where its packages are from and how they were checked."""
        tree = self.release.tree()
        store = "containerd's" if self.release.store == "containerd" else "the classic"
        what = f"Docker {engine_version(tree)} of Debian {tree.suite}, with {store} image store"
        return f"{what}. {tree.note}" if tree.note else f"{what}."

    def is_running(self) -> bool:
        """True where it answers a ping on its socket."""
        return pings(self._paths.socket)

    def running_store(self) -> Store | None:
        """The image store of the engine of this name that runs; None where none does."""
        noted = self._about().get("store") if self.is_running() else None
        return next((store for store in STORES if store == noted), None)

    def start(self) -> None:
        """It runs and answers; at once where it already did. Takes no lease.

        Raises SetupFailed with the last words of its log, and leaves nothing half started.
        """
        private_needs.check_machine()
        with exclusive(self._lock):
            self._start()

    def stop(self) -> None:
        """It is stopped, and nothing of it is left but its data root and log.

        Its containers get 2 s after SIGTERM, not the 10 s that Docker gives each: it is stopped
        by somebody who waits at a prompt, and a shell or `sleep` as a container's first process
        ignores SIGTERM, so that nearly every lesson would end with ten seconds of nothing.
        """
        if not (self._run.has_traces() or self._leases.folder.exists()):
            return
        private_needs.check_machine()
        with undisturbed(), exclusive(self._lock):
            self._stop()

    @contextmanager
    def lease(self) -> Iterator[PrivateEngine]:
        """The engine, running as long as anybody on the machine is inside; the last one stops it.

        A process that was killed inside does not count.
        """
        private_needs.check_machine()
        with ending_in_order():
            with exclusive(self._lock):
                self._start()
                held = self._leases.take()
            try:
                yield self
            finally:
                with undisturbed(), exclusive(self._lock):
                    held.drop()
                    daemon_log.bound(self.log_path)
                    if not self._leases.living():
                        self._stop()

    def remove(self) -> None:
        """Nothing of it is left at all: stopped, and its data root and log deleted."""
        self.stop()
        if self.data_root.exists():
            shutil.rmtree(self.data_root)
        self.log_path.unlink(missing_ok=True)

    def _start(self) -> None:
        """It runs; what an earlier one left that was killed is cleared first."""
        if self.is_running():
            self._check_store()
            return
        private_needs.check_system()
        tree = self.release.tree()
        self._run.clear()
        self._run.launch(tree, self.release.store)
        about = {"store": self.release.store, "suite": tree.suite, "version": engine_version(tree)}
        self._note.write_text(json.dumps(about))

    def _check_store(self) -> None:
        """The engine that runs has the image store that is wanted; else SetupFailed."""
        running = self.running_store()
        if running and running != self.release.store:
            raise SetupFailed(
                f"The workbook's own engine runs already, with the {running} image store.",
                f"Stop what uses it first, or use it as it is: --engine {running}.",
            )

    def _about(self) -> dict[str, str]:
        """What was noted of the release that runs; empty where nothing was."""
        try:
            noted = json.loads(self._note.read_text())
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def _stop(self) -> None:
        """It is stopped, cleared away, and no lease on it counts any more."""
        self._run.shut_down()
        self._run.clear()
        shutil.rmtree(self._leases.folder, ignore_errors=True)
