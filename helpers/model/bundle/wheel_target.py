"""The Pythons that a bundle's packages are for: what their wheels are called, what markers say.

Sources: PEP 425 and 600 (tags of wheels), PEP 508 (environment markers).
"""

from __future__ import annotations

import platform as this_platform
import re
import sys
from dataclasses import dataclass

from helpers.errors import InvalidInput
from helpers.model.image.platform import Platform

# That of RHEL 9, older than those of Debian 12 and Ubuntu 22.04, which have Python 3.11.
_GLIBC_MINOR = 34
_OLDEST_GLIBC_MINOR = {"x86_64": 5, "aarch64": 17}
_LEGACY = {
    "x86_64": ("manylinux2014", "manylinux2010", "manylinux1"),
    "aarch64": ("manylinux2014",),
}
_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
_PYTHON = re.compile(r"3\.(?:[1-9][0-9])")
# A lock may tell bug-fix versions apart, and nobody knows which one a machine has.
_FIRST, _LAST = 0, 99


@dataclass(frozen=True)
class WheelTarget:
    """CPython of a version, '3.11', on a platform."""

    python: str
    platform: Platform

    @classmethod
    def here(cls) -> WheelTarget:
        """This Python on this machine."""
        return cls(f"{sys.version_info[0]}.{sys.version_info[1]}", own_platform())

    @classmethod
    def parse(cls, python: str, platform: Platform) -> WheelTarget:
        """The target of that version, as it is typed; raises InvalidInput."""
        if not _PYTHON.fullmatch(python):
            raise InvalidInput(f"{python!r} is no version of Python.", "Write it as in '3.13'.")
        if platform.os != "linux" or platform.architecture not in _MACHINES:
            known = ", ".join(f"linux/{one}" for one in _MACHINES)
            raise InvalidInput(
                f"Packages for {platform} cannot be packed from here.",
                f"Name one of {known}, or run it on such a machine without --platform.",
            )
        return cls(python, platform)

    @property
    def is_here(self) -> bool:
        """Whether it is this Python on this machine."""
        return self == self.here()

    def versions(self) -> tuple[str, str]:
        """The first and the last bug-fix version that a machine may have: '3.11.0', '3.11.99'."""
        return f"{self.python}.{_FIRST}", f"{self.python}.{_LAST}"

    def tags(self) -> tuple[str, ...]:
        """The platforms in the names of wheels that run there, as pip's --platform takes them.

        Empty for another system than Linux: there pip knows its own.
        """
        machine = _MACHINES.get(self.platform.architecture)
        if self.platform.os != "linux" or machine is None:
            return ()
        minors = range(_GLIBC_MINOR, _OLDEST_GLIBC_MINOR[machine] - 1, -1)
        names = (*(f"manylinux_2_{minor}" for minor in minors), *_LEGACY[machine], "linux")
        return tuple(f"{name}_{machine}" for name in names)

    def markers(self, version: str) -> dict[str, str]:
        """What markers look at there, with Python of that bug-fix version; {} for another system.

        Only Linux can be described from elsewhere.
        """
        machine = _MACHINES.get(self.platform.architecture)
        if self.platform.os != "linux" or machine is None:
            return {}
        return {
            "implementation_name": "cpython",
            "implementation_version": version,
            "os_name": "posix",
            "platform_machine": machine,
            "platform_python_implementation": "CPython",
            "platform_system": "Linux",
            "python_full_version": version,
            "python_version": self.python,
            "sys_platform": "linux",
        }

    def __str__(self) -> str:
        return f"Python {self.python} on {self.platform}"


def own_platform() -> Platform:
    """This machine's own platform: what programs on it are for."""
    return Platform(this_platform.system(), this_platform.machine()).normalized()
