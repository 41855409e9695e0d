"""What this machine's own disk answers when something is written or read."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.errors import DiskFull, SetupFailed

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


@contextmanager
def written_to(path: Path) -> Iterator[None]:
    """A block that writes there; what the disk refuses comes out as DiskFull or SetupFailed.

    An OSError without a number, as those of the SDK's connections, is none of the system's.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise disk_full(error, path) or SetupFailed(
            f"{path} cannot be written to: {disk_words(error)}.",
            "Set WORKBOOK_HOME to a folder of your own on a disk that can be written to.",
        ) from None


def disk_words(error: OSError) -> str:
    """What the system says of it, in a few words."""
    what = error.strerror or str(error) or type(error).__name__
    return f"{what}: {error.filename}" if error.filename else what
