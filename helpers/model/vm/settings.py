"""How big a VM is, and which of its ports are reached from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TypedDict

from helpers.errors import InvalidInput
from helpers.model.container.run_settings import Host, RunSettings
from helpers.model.text.options import check_options
from helpers.model.text.units import format_memory, parse_bytes

MIB = 1024**2
LEAST_MEMORY = 64 * MIB


class VmOptions(TypedDict, total=False):
    """The options of `docker.vm` as keyword arguments; VmSettings says what each means."""

    name: str | None
    ports: Mapping[int | str, Host] | None
    environment: Mapping[str, object] | None
    memory: str | int
    cpus: int


@dataclass(frozen=True, kw_only=True)
class VmSettings:
    """What a VM can be told; `ports` are as in RunSettings, `memory` is a size such as '128m'.

    Raises InvalidInput at once for what no VM could be.
    """

    name: str | None = None
    ports: Mapping[int | str, Host] | None = None
    environment: Mapping[str, object] | None = None
    memory: str | int = "128m"
    cpus: int = 1

    @classmethod
    def of(cls, options: Mapping[str, object]) -> VmSettings:
        """The settings of these keyword arguments; raises InvalidInput for an unknown one."""
        check_options("vm", options, [field.name for field in fields(cls)])
        return cls(**options)  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        if self.memory_bytes < LEAST_MEMORY:
            raise InvalidInput(
                f"{format_memory(self.memory_bytes)} are too little memory for a VM: its kernel "
                "alone takes most of that.",
                f"Give it {format_memory(LEAST_MEMORY)} or more: memory='128m'.",
            )
        if not isinstance(self.cpus, int) or not 1 <= self.cpus <= 8:
            raise InvalidInput(f"cpus={self.cpus!r} is no number of CPUs for a VM.", "Try cpus=1.")
        for inside in self.ports or {}:
            if str(inside).endswith("/udp"):
                raise InvalidInput(f"{inside!r}: a VM's ports are TCP here.", "Leave out '/udp'.")
        RunSettings(ports=self.ports)

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
