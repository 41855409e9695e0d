"""What /proc/PID/status says of a process's rights (proc_pid_status(5))."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from helpers.model.isolation.caps import names_in

Value = TypeVar("Value")
_MOST_BITS = 64


@dataclass(frozen=True)
class ProcessStatus:
    """Users, groups, capabilities and filters; None where the kernel does not say.

    `users` and `groups` are real, effective, saved and filesystem's. `seccomp` is 0 (none),
    1 (strict) or 2 (a filter).
    """

    name: str = ""
    users: tuple[int, ...] | None = None
    groups: tuple[int, ...] | None = None
    effective: frozenset[str] | None = None
    permitted: frozenset[str] | None = None
    bounding: frozenset[str] | None = None
    effective_mask: int | None = None
    seccomp: int | None = None
    no_new_privileges: bool | None = None

    @property
    def user(self) -> int | None:
        """The effective user's number."""
        return self.users[1] if self.users and len(self.users) > 1 else None

    @property
    def group(self) -> int | None:
        """The effective group's number."""
        return self.groups[1] if self.groups and len(self.groups) > 1 else None


def parse_status(text: str) -> ProcessStatus | None:
    """The status in that text, whoever wrote it; None where it is none."""
    lines = (line.partition(":") for line in text.splitlines())
    fields: dict[str, str] = {}
    for key, colon, value in lines:
        if colon:
            fields.setdefault(key.strip(), value.strip())
    effective = _read(fields, "CapEff", _mask)
    privileges = _read(fields, "NoNewPrivs", _digits)
    status = ProcessStatus(
        name=fields.get("Name", ""),
        users=_read(fields, "Uid", _numbers),
        groups=_read(fields, "Gid", _numbers),
        effective=None if effective is None else names_in(effective),
        permitted=_read(fields, "CapPrm", lambda value: names_in(_mask(value))),
        bounding=_read(fields, "CapBnd", lambda value: names_in(_mask(value))),
        effective_mask=effective,
        seccomp=_read(fields, "Seccomp", _digits),
        no_new_privileges=None if privileges is None else bool(privileges),
    )
    return status if status.users is not None or effective is not None else None


def _read(fields: dict[str, str], key: str, form: Callable[[str], Value]) -> Value | None:
    try:
        return form(fields[key])
    except (KeyError, ValueError):
        return None


def _digits(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= 20):
        raise ValueError(word)
    return int(word)


def _numbers(value: str) -> tuple[int, ...]:
    numbers = tuple(_digits(word) for word in value.split())
    if not numbers:
        raise ValueError(value)
    return numbers


def _mask(value: str) -> int:
    if not (value.isascii() and value.isalnum() and len(value) <= _MOST_BITS // 4):
        raise ValueError(value)
    return int(value, 16)
