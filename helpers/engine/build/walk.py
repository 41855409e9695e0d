"""The files of a build context, in the order in which the docker command sends them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from helpers.errors import InvalidInput
from helpers.model.build.dockerignore import DockerIgnore, Held

Faults = tuple[type[OSError], ...]
GONE: Faults = (FileNotFoundError, NotADirectoryError)
_GONE_OR_LOCKED: Faults = (*GONE, PermissionError)
_CANNOT_TRAVEL = (stat.S_ISSOCK, stat.S_ISCHR, stat.S_ISBLK)


class ContextEntry(NamedTuple):
    """A file, folder or link: its path in the context, its place here, its metadata.

    `link_target` is where a symbolic link points; "" for all else.
    """

    path: str
    location: str
    status: os.stat_result
    link_target: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return stat.S_ISDIR(self.status.st_mode)

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return stat.S_ISREG(self.status.st_mode)


def walk(
    folder: Path, ignore: DockerIgnore, wanted: frozenset[str] = frozenset()
) -> Iterator[ContextEntry]:
    """What of that folder belongs to the context, sorted by name, folders before their content.

    With `wanted`, only those paths, what is in them, and the folders above them. An excluded folder
    comes along where something in it is taken back. What vanishes meanwhile is left out. Raises
    InvalidInput for what cannot be read, unless it is an excluded folder.
    """
    whole = wanted and not any(_passes_a_link(folder, path) for path in wanted)
    yield from _walk(str(folder), "", ignore, (), wanted if whole else frozenset())


def _walk(
    location: str,
    prefix: str,
    ignore: DockerIgnore,
    held: Held,
    wanted: frozenset[str],
    empty: Faults = (),
) -> Iterator[ContextEntry]:
    """What belongs to the context in a folder, which counts as empty where one of these comes."""
    for item in _listed(location, empty):
        path = prefix + item.name
        if wanted and not _is_wanted(path, wanted):
            continue
        excluded, holds = ignore.excludes(path, held)
        is_folder = item.is_dir(follow_symlinks=False)
        if excluded and not (is_folder and ignore.may_hold_exceptions(path)):
            continue
        entry = _entry(path, item)
        if entry is None or any(kind(entry.status.st_mode) for kind in _CANNOT_TRAVEL):
            continue
        if not is_folder:
            yield entry
        elif excluded:
            yield from _only_with_content(entry, ignore, holds, wanted)
        else:
            yield entry
            yield from _walk(item.path, f"{path}/", ignore, holds, wanted, GONE)


def _entry(path: str, item: os.DirEntry[str]) -> ContextEntry | None:
    """What was found, with its metadata; None for what is gone again."""
    try:
        status = item.stat(follow_symlinks=False)
        target = os.readlink(item.path) if stat.S_ISLNK(status.st_mode) else ""  # noqa: PTH115
    except GONE:
        return None
    except OSError as error:
        raise unreadable(item.path, error) from None
    return ContextEntry(path, item.path, status, target)


def _only_with_content(
    folder: ContextEntry, ignore: DockerIgnore, held: Held, wanted: frozenset[str]
) -> Iterator[ContextEntry]:
    """An excluded folder with what is taken back in it, or nothing, as where it is locked."""
    is_first = True
    below = f"{folder.path}/"
    for entry in _walk(folder.location, below, ignore, held, wanted, _GONE_OR_LOCKED):
        if is_first:
            yield folder
            is_first = False
        yield entry


def _is_wanted(path: str, wanted: frozenset[str]) -> bool:
    return any(
        path == one or path.startswith(f"{one}/") or one.startswith(f"{path}/") for one in wanted
    )


def _passes_a_link(folder: Path, path: str) -> bool:
    """Whether a path is a symbolic link or leads through one, to what may lie elsewhere."""
    location = folder
    for part in path.split("/"):
        location = location / part
        if location.is_symlink():
            return True
    return False


def _listed(location: str, empty: Faults) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(location) as items:
            return sorted(items, key=lambda entry: os.fsencode(entry.name))
    except empty:
        return []
    except OSError as error:
        raise unreadable(location, error) from None


def changed(location: str) -> InvalidInput:
    """The error for what became another while it was sent."""
    return InvalidInput(
        f"{location!r} is in the build context and changed while it was sent.",
        "Build again once nothing writes to it, or leave it out with a line in .dockerignore.",
    )


def unreadable(location: str, error: OSError) -> InvalidInput:
    """The error for what is in the context and cannot be read."""
    return InvalidInput(
        f"{location!r} is in the build context and cannot be read ({error.strerror}).",
        "See to its permissions, or leave it out with a line in .dockerignore.",
    )


def readable(problem: Exception) -> Exception:
    """The error for a file that could not be sent."""
    if isinstance(problem, GONE) and problem.filename:
        return changed(str(problem.filename))
    if isinstance(problem, OSError):
        return unreadable(str(problem.filename or "a file"), problem)
    return problem
