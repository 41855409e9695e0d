"""The kernel's files on one process, printed by a shell in one go and read apart again.

Whoever prints may be a stranger: what does not read as what it should be becomes a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from helpers.model.isolation.mount_table import parse_mount_table
from helpers.model.isolation.namespaces import KINDS, parse_link
from helpers.model.isolation.process_status import parse_status
from helpers.model.isolation.user_map import parse_user_map
from helpers.model.isolation.walls import Walls
from helpers.outside import visible_line

Value = TypeVar("Value")
MOST_BYTES = 2_000_000
MOST_CAPS = 64
NO_NAMESPACE = "this kernel has none of that kind"
FILES = ("status", "uid_map", "mountinfo")
PARTS = (*FILES, *(f"ns/{kind}" for kind in KINDS))
LAST_CAP = "cap_last_cap"
_LONGEST_REASON = 120
_ABSENT = "No such file"
_REFUSALS = (_ABSENT, "ermission denied", "ot permitted")


def shell_script(pid: int | str, mark: str) -> str:
    """What prints all parts of that process, each after a line with the mark and its name."""
    files = " ".join(FILES)
    kinds = " ".join(KINDS)
    return (
        f'for f in {files}; do echo "{mark} $f"; cat /proc/{pid}/$f 2>&1; done; '
        f'for n in {kinds}; do echo "{mark} ns/$n"; ls -l /proc/{pid}/ns/$n 2>&1; done; '
        f'echo "{mark} {LAST_CAP}"; cat /proc/sys/kernel/cap_last_cap 2>&1; echo "{mark} end"'
    )


def split_parts(output: str, mark: str) -> dict[str, str]:
    """The texts of the parts by name, as far as they were printed; the last one counts as whole
    only where its end is there."""
    parts: dict[str, list[str]] = {}
    lines: list[str] = []
    name = ""
    for line in output.split("\n"):
        if line.startswith(f"{mark} "):
            name = line.removeprefix(f"{mark} ").strip()
            lines = parts.setdefault(name, [])
        else:
            lines.append(line)
    if name != "end":
        parts.pop(name, None)
    return {key: "\n".join(text) for key, text in parts.items()}


def walls_from(name: str, parts: Mapping[str, str], source: str) -> Walls:
    """The walls that these texts tell of, with a reason for each part that tells nothing."""
    troubles: dict[str, str] = {}

    def read(part: str, form: Callable[[str], Value | None]) -> Value | None:
        text = parts.get(part)
        value = None if text is None else form(text)
        if value is None:
            troubles[part] = reason_in(text)
        return value

    links = {kind: read(f"ns/{kind}", link_reader(kind)) for kind in KINDS}
    return Walls(
        name,
        namespaces={kind: inode for kind, inode in links.items() if inode is not None},
        status=read("status", parse_status),
        user_map=read("uid_map", parse_user_map),
        mounts=read("mountinfo", parse_mount_table),
        source=source,
        troubles=troubles,
        last_cap=last_cap_in(parts.get(LAST_CAP, "")),
    )


def last_cap_in(text: str) -> int | None:
    """The number in /proc/sys/kernel/cap_last_cap; None where it is none."""
    word = text.strip()
    is_number = word.isascii() and word.isdigit() and len(word) < 3
    return int(word) if is_number and int(word) < MOST_CAPS else None


def completed(walls: Walls, other: Walls) -> Walls:
    """The walls, with what they lack taken from those that another way of reading gave."""
    if not walls.troubles:
        return walls
    left = {part: why for part, why in other.troubles.items() if part in walls.troubles}
    if len(left) == len(walls.troubles):
        return replace(walls, troubles=left)
    is_bare = len(walls.troubles) == len(PARTS)
    return replace(
        walls,
        namespaces={**other.namespaces, **walls.namespaces},
        status=walls.status or other.status,
        user_map=walls.user_map or other.user_map,
        mounts=walls.mounts or other.mounts,
        last_cap=other.last_cap if walls.last_cap is None else walls.last_cap,
        source=other.source if is_bare else f"{walls.source}, the rest {other.source}",
        troubles=left,
    )


def link_reader(kind: str) -> Callable[[str], int | None]:
    """What reads the inode out of a line of `ls -l /proc/PID/ns/KIND`."""

    def inode(text: str) -> int | None:
        words = text.split()
        return parse_link(kind, words[-1]) if words else None

    return inode


def reason_in(text: str | None) -> str:
    """Why a part tells nothing: the last words that came in its stead, in one visible line."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    if not lines:
        return "nothing came"
    refusals = [line for line in lines if any(words in line for words in _REFUSALS)]
    last = refusals[-1] if refusals else lines[-1]
    if _ABSENT in last:
        return NO_NAMESPACE if "/ns/" in last else "the process is gone"
    reason = visible_line(last)
    return f"{reason[:_LONGEST_REASON]}…" if len(reason) > _LONGEST_REASON else reason
