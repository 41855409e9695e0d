"""Processes that a test looks at, among others that come and go meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import psutil


def kernel_below(pid: int) -> psutil.Process:
    """The first running kernel among a process's descendants.

    A server starts short-lived helpers, too: any other descendant may be gone at the next look.
    """
    for process in kernels_below(pid):
        return process
    raise AssertionError(f"no kernel below process {pid}")


def kernels_below(pid: int) -> list[psutil.Process]:
    """The running kernels among a process's descendants, whatever else was started there."""
    kernels = []
    for process in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "ipykernel_launcher" in process.cmdline():
                kernels.append(process)
    return kernels


def still_alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those that still run; a zombie has ended and only waits for its parent to ask."""
    return [process for process in processes if _is_alive(process)]


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
