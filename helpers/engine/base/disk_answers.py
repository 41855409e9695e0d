"""What this machine's own disk answers when something is written or read."""

from __future__ import annotations

import errno
from pathlib import Path

from helpers.errors import DiskFull

# Windows' own numbers are turned into the first of these.
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def is_full(error: BaseException | None) -> bool:
    """Whether it says that a disk or a quota is full."""
    return isinstance(error, OSError) and error.errno in _FULL


def disk_full(error: OSError, path: Path) -> DiskFull | None:
    """The error to raise where a disk or a quota is full; None where it is something else."""
    if not is_full(error):
        return None
    return DiskFull(
        f"The disk that {path} is on is full.",
        "Make room there and run it again; what came is kept where it can be.",
    )


def disk_words(error: OSError) -> str:
    """What the system says of it, in a few words."""
    what = error.strerror or str(error) or type(error).__name__
    return f"{what}: {error.filename}" if error.filename else what
