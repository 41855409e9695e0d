"""The mounts of this machine, read from /proc/self/mountinfo (proc(5))."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

_ESCAPE = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class Mount:
    """One mount: the folder it is seen at, and its filesystem's kind (ext4, overlay, cgroup2).

    `root` is the folder of that filesystem which is seen there, `options` are the filesystem's own.
    """

    point: str
    kind: str
    root: str = field(default="/", compare=False)
    options: str = field(default="", compare=False)


def parse_mounts(mountinfo: str) -> list[Mount]:
    """The mounts that a mountinfo text lists, oldest first."""
    listed = []
    for line in mountinfo.splitlines():
        left, _, right = line.partition(" - ")
        root, point = (_unescaped(word) for word in left.split()[3:5])
        kind, _, options = right.split()
        listed.append(Mount(point, kind, root, options))
    return listed


def mounts() -> list[Mount]:
    """The mounts that this process sees, oldest first; none where the system does not tell."""
    table = Path("/proc/self/mountinfo")
    if not table.is_file():
        return []
    return parse_mounts(table.read_bytes().decode("utf-8", "surrogateescape"))


def filesystem_of(path: Path, among: list[Mount] | None = None) -> str:
    """The kind of filesystem that a path is on, or will be on once it is made."""
    absolute = path if path.is_absolute() else path.absolute()
    lines = mounts() if among is None else among
    holding = [mount for mount in lines if _holds(mount.point, absolute)]
    best = max((len(Path(mount.point).parts) for mount in holding), default=0)
    deepest = [mount for mount in holding if len(Path(mount.point).parts) == best]
    return deepest[-1].kind if deepest else "unknown"


def points_within(folder: Path) -> list[str]:
    """The mount points at a folder or below it, oldest first."""
    return [mount.point for mount in mounts() if _holds(str(folder), Path(mount.point))]


def unmount_within(folder: Path, keep: Collection[str]) -> None:
    """Nothing is mounted at the folder or below it any more, save `keep`; newest go first.

    Lazily (umount2's MNT_DETACH): a file that is still open must not keep an engine's remains.
    """
    for point in reversed(points_within(folder)):
        if point not in keep:
            subprocess.run(["umount", "--lazy", point], capture_output=True, check=False)


def _unescaped(word: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), word)


def _holds(point: str, path: Path) -> bool:
    """True where the mount point is the path or one of its parents."""
    return path == Path(point) or Path(point) in path.parents
