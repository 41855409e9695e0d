"""A process and all that it started, ended together."""

from __future__ import annotations

import psutil

_END_SECONDS = 10


def end_family(pid: int, gently: bool = True) -> None:
    """Returns when the process and its descendants are gone.

    Gently: the process gets SIGTERM first and ten seconds to end its own children.
    """
    try:
        head = psutil.Process(pid)
        family = [head, *head.children(recursive=True)]
        if gently:
            head.terminate()
            psutil.wait_procs([head], timeout=_END_SECONDS)
    except psutil.NoSuchProcess:
        return
    for member in family:
        _kill(member)
    psutil.wait_procs(family, timeout=_END_SECONDS)


def _kill(process: psutil.Process) -> None:
    try:
        if process.is_running():
            process.kill()
    except psutil.NoSuchProcess:
        return
