"""How big a VM is, and which of its ports are reached from outside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from typing import TypedDict

from helpers.errors import InvalidInput
from helpers.model.container.option_values import table_of, text_of
from helpers.model.container.port_bindings import Ports, checked_ports
from helpers.model.container.run_options import Table
from helpers.model.text.options import check_options
from helpers.model.text.units import format_memory, parse_bytes

MIB = 1024**2
LEAST_MEMORY = 64 * MIB


class VmOptions(TypedDict, total=False):
    """The options of `docker.vm` as keyword arguments; VmSettings says what each means."""

    name: str | None
    ports: Ports | None
    environment: Table | None
    memory: str | int
    cpus: int | str


@dataclass(frozen=True, kw_only=True)
class VmSettings:
    """What a VM can be told; `ports` are as in RunSettings, `memory` is a size such as '128m'.

    Raises InvalidInput at once for what no VM could be.
    """

    name: str | None = None
    ports: Ports | None = None
    environment: Mapping[str, str | None] = field(default_factory=dict)
    memory: str | int = "128m"
    cpus: int = 1

    @classmethod
    def of(cls, options: Mapping[str, object]) -> VmSettings:
        """The settings of these keyword arguments; raises InvalidInput for an unknown one."""
        check_options("vm", options, [field.name for field in fields(cls)])
        return cls(**{name: _READ[name](value) for name, value in options.items()})  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        if self.memory_bytes < LEAST_MEMORY:
            raise InvalidInput(
                f"{format_memory(self.memory_bytes)} are too little memory for a VM: its kernel "
                "alone takes most of that.",
                f"Give it {format_memory(LEAST_MEMORY)} or more: memory='128m'.",
            )
        if type(self.cpus) is not int or not 1 <= self.cpus <= 8:
            raise InvalidInput(f"cpus={self.cpus!r} is no number of CPUs for a VM.", "Try cpus=1.")
        for inside in self.ports or {}:
            if str(inside).endswith("/udp"):
                raise InvalidInput(f"{inside!r}: a VM's ports are TCP here.", "Leave out '/udp'.")

    @property
    def memory_bytes(self) -> int:
        """The memory that the VM believes to have, in bytes."""
        return parse_bytes(self.memory)

    @property
    def guest_ports(self) -> list[str]:
        """The numbers of the ports inside."""
        return [str(inside).partition("/")[0] for inside in self.ports or {}]

    @property
    def words(self) -> list[str]:
        """The command that boots it, in the image of the VM tools."""
        return ["vm-boot", str(self.memory_bytes // MIB), str(self.cpus), *self.guest_ports]


def _cpus_of(value: object) -> object:
    """The number in a text; whether it is one that a VM can have is said with the others."""
    return int(value) if isinstance(value, str) and re.fullmatch("[1-9]", value) else value


_READ: dict[str, Callable[[object], object]] = {
    "name": partial(text_of, "name"),
    "ports": checked_ports,
    "environment": partial(table_of, "environment"),
    "memory": lambda value: value,
    "cpus": _cpus_of,
}
