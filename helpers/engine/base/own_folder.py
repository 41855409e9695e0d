"""A folder of one's own, which no other user of the machine reads, fills or puts another one for.

The rule is that of sshd's StrictModes: whoever owns a folder on the way, or may write into it,
could lead the rest of the way elsewhere. Where the system has no such owners, as on Windows, the
user's profile is private by itself.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from helpers.errors import SetupFailed

_ROOT = 0
_NEXT_STEP = "Set WORKBOOK_HOME to a folder of your own that nobody else can write into."


def own_folder(path: Path) -> Path:
    """The folder, made where it is missing, which only its owner can look into.

    Raises SetupFailed where another user could have a hand in it. One that cannot be made is left
    to whoever wants to write into it.
    """
    if not hasattr(os, "geteuid"):
        path.mkdir(parents=True, exist_ok=True)
        return path
    for step in _way_to(path):
        _check(step, path)
    with suppress(OSError):
        _make(path)
        _check(path.resolve(), path.resolve())
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            path.chmod(0o700)
    return path


def _make(path: Path) -> None:
    """The folder and those above it, each for its owner alone (the XDG rules want that, too)."""
    for folder in reversed([path, *path.parents]):
        folder.mkdir(mode=0o700, exist_ok=True)


def _way_to(path: Path) -> Iterator[Path]:
    """Every folder and every link on the way, the path itself included, as far as they exist."""
    step = Path(path.anchor)
    yield step
    for part in path.parts[1:]:
        step /= part
        if not os.path.lexists(step):
            return
        yield step
        if step.is_symlink():
            if not step.exists():  # it leads nowhere, or round in a circle
                return
            yield from _way_to(step.parent / step.readlink())
            step = step.resolve()


def _check(step: Path, path: Path) -> None:
    """Raises SetupFailed where another user owns that step of the way, or may change it."""
    status = step.lstat()
    if not _is_trusted(status.st_uid, is_end=step == path):
        owner = _name_of(status.st_uid)
        raise SetupFailed(f"{_subject(step, path)} belongs to {owner}, not to you.", _NEXT_STEP)
    if stat.S_ISDIR(status.st_mode) and _is_open(status, is_end=step == path):
        step_too = (
            f", or take the others' rights to it: `chmod go-w {step}`" if step == path else ""
        )
        raise SetupFailed(
            f"{_subject(step, path)} can be written into by other users.",
            f"{_NEXT_STEP[:-1]}{step_too}.",
        )


def _subject(step: Path, path: Path) -> str:
    return str(path) if step == path else f"{path} cannot be kept safe: {step}"


def _is_trusted(owner: int, is_end: bool) -> bool:
    """Whether it is one of our own users.

    In a user namespace everything of the machine's root may seem to be nobody's.
    """
    return owner in _own_users() or (not is_end and owner == _unmapped_user())


def _own_users() -> set[int]:
    """This user, root, and who became root by sudo."""
    sudo = os.environ.get("SUDO_UID", "") if os.geteuid() == _ROOT else ""
    return {_ROOT, os.geteuid(), *([int(sudo)] if sudo.isdecimal() else [])}


def _is_open(status: os.stat_result, is_end: bool) -> bool:
    """Whether others may put things into that folder, or (on the way) take away what is in it."""
    if status.st_mode & stat.S_ISVTX and not is_end:
        return False
    by_group = status.st_mode & stat.S_IWGRP and not _is_private_group(status.st_gid)
    return bool(status.st_mode & stat.S_IWOTH or by_group)


def _is_private_group(group: int) -> bool:
    """Whether it is a group that a system gives each user, one of ours, and nobody else is in it.

    It has that user's number or name.
    """
    import grp

    own = {_name_of(user) for user in _own_users()}
    try:
        known = grp.getgrgid(group)
    except KeyError:
        return group in _own_users()
    return (group in _own_users() or known.gr_name in own) and own.issuperset(known.gr_mem)


def _unmapped_user() -> int | None:
    """The number that stands for users of the machine that this user namespace does not have."""
    try:
        if Path("/proc/self/uid_map").read_text().split() == ["0", "0", str(2**32 - 1)]:
            return None
        return int(Path("/proc/sys/kernel/overflowuid").read_text())
    except (OSError, ValueError):
        return None


def _name_of(user: int) -> str:
    """The user's name, or their number."""
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
