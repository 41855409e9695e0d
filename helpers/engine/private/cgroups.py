"""The control group that holds every container of a private engine, on cgroup v1 and v2.

On v1 it is a folder in each controller's hierarchy, on v2 one folder in the single tree. It is
the parent of the containers' own groups (dockerd's cgroup-parent), so its processes are the
containers' processes: that is how they are found and ended when their engine was killed.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from helpers.engine.base.mounts import Mount, mounts
from helpers.engine.private import processes
from helpers.errors import SetupFailed

_ROOT = "/sys/fs/cgroup"
_REMOVAL_SECONDS = 3.0


class ControlGroup:
    """One folder of that name in every hierarchy that this machine has mounted."""

    def __init__(self, name: str, among: list[Mount] | None = None, root: str = _ROOT) -> None:
        hierarchies = [
            mount
            for mount in (mounts() if among is None else among)
            if mount.kind in ("cgroup", "cgroup2") and f"{mount.point}/".startswith(f"{root}/")
        ]
        self.name = name
        self._all = [Path(mount.point) for mount in hierarchies]
        self._v1 = [Path(mount.point) for mount in hierarchies if mount.kind == "cgroup"]

    @property
    def is_v2(self) -> bool:
        """True where the single tree of v2 is all there is."""
        return bool(self._all) and not self._v1

    def create(self) -> None:
        """The folders are there; raises SetupFailed where the machine does not let us."""
        if not self._all:
            raise SetupFailed(
                "No control groups are mounted here, and containers need them.",
                "Mount them (on Debian: the package cgroupfs-mount does), then try again.",
            )
        try:
            if self.is_v2:
                self._leave_the_root_of_v2()
            for hierarchy in self._v1 or self._all:
                (hierarchy / self.name).mkdir(exist_ok=True)
        except OSError as error:
            raise SetupFailed(
                f"The control groups cannot be written here ({error.strerror}: {error.filename}).",
                "Inside a container, make them writable first: "
                "for c in /sys/fs/cgroup /sys/fs/cgroup/*; do mount -o remount,rw,bind $c; done",
            ) from error

    def kill(self) -> None:
        """No process is left in the group: thawed where it was paused, then SIGKILL."""
        deadline = time.monotonic() + _REMOVAL_SECONDS
        while pids := self._processes():
            self._thaw()
            processes.send(signal.SIGKILL, pids)
            processes.wait_ended(pids, 1)
            if time.monotonic() > deadline:
                return

    def remove(self) -> None:
        """The folders are gone, the deepest first; the kernel may need a moment for each."""
        deadline = time.monotonic() + _REMOVAL_SECONDS
        for folder in [*self._folders(bottom_up=True)]:
            while not _removed(folder) and time.monotonic() < deadline:
                time.sleep(0.02)
        self._return_to_the_root_of_v2()

    def _processes(self) -> set[int]:
        """The ids of all processes in the group; those of other namespaces read as 0."""
        processes: set[int] = set()
        for folder in self._folders():
            try:
                processes |= {int(pid) for pid in (folder / "cgroup.procs").read_text().split()}
            except OSError:
                continue
        return processes - {0}

    def _thaw(self) -> None:
        """Paused containers run again: on v1 a frozen process does not even die."""
        for folder in self._folders():
            for name, value in (("freezer.state", "THAWED"), ("cgroup.freeze", "0")):
                if (folder / name).exists():
                    _write(folder / name, value)

    def _folders(self, bottom_up: bool = False) -> Iterator[Path]:
        for hierarchy in self._all:
            for folder, _, _ in os.walk(hierarchy / self.name, topdown=not bottom_up):
                yield Path(folder)

    def _leave_the_root_of_v2(self) -> None:
        """Inside a container, our processes sit in a side group, so that limits can be set.

        v2 lets a group share out its resources only while it holds no process itself; the true
        root (it has no cgroup.type) is exempt. Source: the kernel's cgroup-v2.rst.
        """
        root = self._all[0]
        if not (root / "cgroup.type").exists() or not _pids_in(root):
            return
        side = root / f"{self.name}.outside"
        side.mkdir(exist_ok=True)
        for pid in _pids_in(root):
            _write(side / "cgroup.procs", str(pid))

    def _return_to_the_root_of_v2(self) -> None:
        """What was moved aside is back where it was, and the side group is gone."""
        for root in self._all:
            side = root / f"{self.name}.outside"
            if not side.is_dir():
                continue
            for controller in (root / "cgroup.subtree_control").read_text().split():
                _write(root / "cgroup.subtree_control", f"-{controller}")
            for pid in _pids_in(side):
                _write(root / "cgroup.procs", str(pid))
            _removed(side)


def _pids_in(folder: Path) -> list[int]:
    return [int(pid) for pid in (folder / "cgroup.procs").read_text().split()]


def _write(path: Path, value: str) -> None:
    """The value is written, as far as the kernel takes it (a process may have gone)."""
    try:
        path.write_text(value)
    except OSError:
        return


def _removed(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
