"""Who uses a tree just now: it stands in somebody's mounts, or its programs run."""

from __future__ import annotations

import os
from pathlib import Path


def is_in_use(folder: Path) -> bool:
    """Whether a process has it mounted, in a mount namespace of its own too, or runs from it.

    A mount's root is told by its path within its own filesystem, so the folder's name is looked
    for: no other has it. Sources: proc_pid_mountinfo(5), proc_pid_exe(5).
    """
    part = os.fsencode(f"/{folder.name}/usr")
    return any(part in _traces(process) for process in Path("/proc").glob("[0-9]*"))


def _traces(process: Path) -> bytes:
    try:
        return (process / "mountinfo").read_bytes() + os.fsencode((process / "exe").readlink())
    except OSError:
        return b""
