"""The files of a build context, in the order in which the docker command sends them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from helpers.errors import InvalidInput
from helpers.model.dockerignore import DockerIgnore, Held

_CANNOT_TRAVEL = (stat.S_ISSOCK, stat.S_ISCHR, stat.S_ISBLK)


class ContextEntry(NamedTuple):
    """A file, folder or link: its path in the context, its place here, its metadata."""

    path: str
    place: str
    status: os.stat_result

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return stat.S_ISDIR(self.status.st_mode)

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file."""
        return stat.S_ISREG(self.status.st_mode)

    @property
    def link_target(self) -> str:
        """Where a symbolic link points; "" for all else."""
        return str(Path(self.place).readlink()) if stat.S_ISLNK(self.status.st_mode) else ""


def walk(folder: Path, ignore: DockerIgnore) -> Iterator[ContextEntry]:
    """What of that folder belongs to the context, sorted by name, folders before their content.

    An excluded folder comes along where something in it is taken back. Raises InvalidInput for a
    folder that cannot be read.
    """
    yield from _walk(str(folder), "", ignore, ())


def _walk(place: str, prefix: str, ignore: DockerIgnore, held: Held) -> Iterator[ContextEntry]:
    for found in _listed(place):
        path = prefix + found.name
        excluded, holds = ignore.excludes(path, held)
        is_folder = found.is_dir(follow_symlinks=False)
        if excluded and not (is_folder and ignore.may_hold_exceptions(path)):
            continue
        entry = ContextEntry(path, found.path, found.stat(follow_symlinks=False))
        if any(is_kind(entry.status.st_mode) for is_kind in _CANNOT_TRAVEL):
            continue
        if not is_folder:
            yield entry
        elif excluded:
            yield from _only_with_content(entry, ignore, holds)
        else:
            yield entry
            yield from _walk(found.path, f"{path}/", ignore, holds)


def _only_with_content(
    folder: ContextEntry, ignore: DockerIgnore, held: Held
) -> Iterator[ContextEntry]:
    """An excluded folder with what is taken back in it, or nothing."""
    is_first = True
    for entry in _walk(folder.place, f"{folder.path}/", ignore, held):
        if is_first:
            yield folder
            is_first = False
        yield entry


def _listed(place: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as found:
            return sorted(found, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        raise unreadable(place, error) from None


def unreadable(place: str, error: OSError) -> InvalidInput:
    """The error for what is in the context and cannot be read."""
    return InvalidInput(
        f"{place!r} is in the build context and cannot be read ({error.strerror}).",
        "See to its permissions, or leave it out with a line in .dockerignore.",
    )
