"""What an engine's own processes cost: dockerd, containerd and the shims, read from /proc."""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path

_PROCESSES = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


class EngineCost:
    """The CPU of the engine that listens on a socket of this machine."""

    def __init__(self, path: Path) -> None:
        self._daemon = _listener(path)
        folder = str(path.parent)
        self._run_folder = "" if folder in ("/run", "/var/run") else folder

    def cpu_seconds(self) -> float:
        """CPU of all its processes that live now, since their start."""
        return sum(cpu_seconds_of(pid) for pid in self._processes())

    def _processes(self) -> list[int]:
        found = []
        for folder in _PROCESSES.iterdir():
            if folder.name.isdigit() and self._is_ours(folder):
                found.append(int(folder.name))
        return found

    def _is_ours(self, folder: Path) -> bool:
        """The daemon, or one of containerd's whose command line names the daemon's run folder."""
        if int(folder.name) == self._daemon:
            return True
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            return False
        name = words.split("\0")[0].rpartition("/")[2]
        return name.startswith("containerd") and self._run_folder in words


def cpu_seconds_of(pid: int) -> float:
    """The CPU of a process since its start; 0 of one that has gone. Source: proc_pid_stat(5)."""
    try:
        text = (_PROCESSES / str(pid) / "stat").read_text()
    except OSError:
        return 0.0
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _listener(path: Path) -> int:
    """The process that listens on a Unix socket."""
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(str(path))
        peer = one.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return int(struct.unpack("3i", peer)[0])
