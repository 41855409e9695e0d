"""The namespaces of a process: which of them are which, by the kernel's inode numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

# In words what each parts (namespaces(7)).
PARTS = {
    "pid": "process numbers",
    "net": "network",
    "mnt": "mounts",
    "uts": "host name",
    "ipc": "shared memory",
    "user": "user numbers",
    "cgroup": "control groups",
    "time": "boot clock",
}
KINDS = tuple(PARTS)
Inodes = Mapping[str, int]
_LINK = re.compile(r"([a-z]+):\[([0-9]{1,20})\]")


def parse_link(kind: str, text: str) -> int | None:
    """The inode in what `readlink /proc/PID/ns/KIND` prints: 'net:[4026531840]'; else None."""
    match = _LINK.fullmatch(text.strip())
    return int(match[2]) if match and match[1] == kind else None


def is_shared(kind: str, one: Inodes, other: Inodes) -> bool | None:
    """Whether both are in the same namespace of that kind; None where either is not known."""
    mine, theirs = one.get(kind), other.get(kind)
    return None if mine is None or theirs is None else mine == theirs
