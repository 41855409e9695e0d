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
    place = _within(folder, IGNORE_FILE) if folder else None
    if place and place.is_file():
        yield ContextEntry(IGNORE_FILE, str(place), place.stat())


def _within(folder: Path, name: str) -> Path | None:
    """Where a name leads while that folder is the root of all links; None for links in a circle."""
    found, left = folder, deque([name])
    for _ in range(_MOST_PARTS):
        if not left:
            return found
        part = left.popleft()
        if Path(part).is_absolute():
            found = folder
        elif part == "..":
            found = found.parent if found != folder else folder
        elif (found / part).is_symlink():
            left.extendleft(reversed((found / part).readlink().parts))
        else:
            found = found / part
    return None
