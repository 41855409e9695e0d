"""The mounts that a container sees, from its /proc/PID/mountinfo (proc_pid_mountinfo(5))."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ESCAPE = re.compile(r"\\([0-7]{3})")
_OF_THE_KERNEL = ("proc", "sysfs", "cgroup", "cgroup2", "devpts", "mqueue")


@dataclass(frozen=True)
class MountPoint:
    """One mount: where it is seen, its filesystem's kind, which folder of that, and how."""

    path: str
    kind: str
    root: str
    options: tuple[str, ...]

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be written through it."""
        return "ro" in self.options

    @property
    def is_of_the_kernel(self) -> bool:
        """Whether it shows the kernel's own state and no files of anybody."""
        return self.kind in _OF_THE_KERNEL


def parse_mount_table(text: str) -> tuple[MountPoint, ...] | None:
    """The mounts that the text lists, oldest first; None where a line is none of a mount."""
    mounts = []
    for line in text.splitlines():
        if not line.strip():
            continue
        left, dash, right = line.partition(" - ")
        before, after = left.split(), right.split()
        if not dash or len(before) < 6 or not after or not before[0].isdigit():
            return None
        root, path = (_unescaped(word) for word in before[3:5])
        mounts.append(MountPoint(path, after[0], root, tuple(before[5].split(","))))
    return tuple(mounts) or None


def seen_at(path: str, mounts: tuple[MountPoint, ...]) -> MountPoint | None:
    """The mount that is seen at exactly that path: the newest there."""
    return next((mount for mount in reversed(mounts) if mount.path == path), None)


def _unescaped(word: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8) & 0xFF), word)
