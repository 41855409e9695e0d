"""The .dockerignore of a folder, as the builder finds it.

Source: moby/buildkit `frontend/dockerui/config.go`; tonistiigi/fsutil, `followlinks.go`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path

from helpers.engine.build.source import IGNORE_FILE
from helpers.engine.build.walk import ContextEntry

_MOST_PARTS = 255


def ignore_file(folder: Path | None) -> Iterator[ContextEntry]:
    """That file alone; where it is a link, the file in the folder to which it leads, if any."""
    path = _within(folder, IGNORE_FILE) if folder else None
    if path and path.is_file():
        yield ContextEntry(IGNORE_FILE, str(path), path.stat())


def _within(folder: Path, name: str) -> Path | None:
    """Where a name leads while that folder is the root of all links; None for links in a circle."""
    target, left = folder, deque([name])
    for _ in range(_MOST_PARTS):
        if not left:
            return target
        part = left.popleft()
        if Path(part).is_absolute():
            target = folder
        elif part == "..":
            target = target.parent if target != folder else folder
        elif (target / part).is_symlink():
            left.extendleft(reversed((target / part).readlink().parts))
        else:
            target = target / part
    return None
