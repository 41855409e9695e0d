"""Platforms: the system and processor that an image is made for, and which ones run it.

Source: github.com/containerd/platforms (database.go, compare.go), which Docker goes by too.
"""

from __future__ import annotations

import platform as this_platform
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.errors import InvalidInput
from helpers.outside import visible_line

_PART = re.compile(r"[A-Za-z0-9_.-]+")
_SYSTEMS = {"macos": "darwin"}
_UNKNOWN = "unknown"
# Names that mean an architecture, with the variant where the name says one.
_SPELLINGS = {
    "i386": ("386", ""),
    "x86_64": ("amd64", None),
    "x86-64": ("amd64", None),
    "aarch64": ("arm64", None),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
}
# Variants that mean another spelling, or what is meant where none is written.
_VARIANTS = {
    ("amd64", "v1"): "",
    **{("arm64", variant): "" for variant in ("8", "v8", "v8.0")},
    **{("arm64", variant): "v9" for variant in ("9", "9.0", "v9.0")},
    **{("arm", variant): "v7" for variant in ("", "7")},
    **{("arm", variant): f"v{variant}" for variant in "568"},
}
_OLDEST_ARM = 5
# Version 9.0 of the 64-bit Arm architecture has all that 8.5 has.
_ARM_9_IN_8 = 5


@dataclass(frozen=True)
class Platform:
    """A system, an architecture and its variant, as they are written; `str` gives 'linux/arm/v7'.

    The versions and features of a system, which Windows images name, are not looked at.
    """

    os: str
    architecture: str
    variant: str = ""

    @classmethod
    def parse(cls, text: str) -> Platform:
        """The platform that is typed so, 'linux/arm64' or 'arm64'; raises InvalidInput."""
        parts = text.split("/")
        if len(parts) > 3 or not all(_PART.fullmatch(part) for part in parts):
            raise InvalidInput(
                f"{text!r} is not a platform.", "Write it as in 'linux/amd64' or 'linux/arm/v7'."
            )
        system, *rest = parts if len(parts) > 1 else ("linux", *parts)
        platform = cls(system, *rest).normalized()
        if platform.architecture == "arm" and len(rest) == 1 and platform.variant == "v7":
            return cls(platform.os, "arm")
        if platform.architecture == "arm64" and len(rest) == 2:
            return cls(platform.os, "arm64", platform.variant or "v8")
        return platform

    @classmethod
    def described(cls, document: Any) -> Platform | None:
        """The platform in a descriptor, a config or an engine's answer; None where it is none."""
        if not isinstance(document, Mapping):
            return None
        lowered = {str(key).lower(): str(value or "") for key, value in document.items()}
        system = lowered.get("os", "")
        architecture = lowered.get("architecture", "") or lowered.get("arch", "")
        platform = cls(system, architecture, lowered.get("variant", ""))
        return platform if system or architecture else None

    @classmethod
    def here(cls) -> Platform:
        """Linux on this machine's processor: what an image is wanted for where nobody says."""
        return cls("linux", this_platform.machine()).normalized()

    def __str__(self) -> str:
        parts = (self.os, self.architecture, self.variant)
        return visible_line("/".join(part for part in parts if part))

    def __repr__(self) -> str:
        return str(self)

    def json(self) -> dict[str, str]:
        """The same as a descriptor has it."""
        parts = {"os": self.os, "architecture": self.architecture, "variant": self.variant}
        return {name: part for name, part in parts.items() if part}

    @property
    def is_unknown(self) -> bool:
        """Whether it stands with what is no image, as BuildKit's attestations are."""
        return self.os == _UNKNOWN

    def normalized(self) -> Platform:
        """The same platform in the one spelling that is compared."""
        system, architecture = self.os.lower(), self.architecture.lower()
        architecture, implied = _SPELLINGS.get(architecture, (architecture, None))
        variant = self.variant.lower() if implied is None else implied
        variant = _VARIANTS.get((architecture, variant), variant)
        return Platform(_SYSTEMS.get(system, system), architecture, variant)

    def matches(self, other: Platform) -> bool:
        """Whether both mean the same platform, in whatever spelling (containerd's OnlyStrict)."""
        return self.normalized() == other.normalized()

    def fits(self, host: Platform) -> bool:
        """Whether an image of this platform runs on the host's (containerd's Only)."""
        return self.rank_on(host) is not None

    def rank_on(self, host: Platform) -> int | None:
        """How well an image of this platform suits the host's: 0 is best; None: it does not run."""
        own, runs = self.normalized(), host.runs()
        return runs.index(own) if own in runs else None

    def runs(self) -> tuple[Platform, ...]:
        """The platforms whose images run on this one, the best first."""
        own = self.normalized()
        older = _older(own.architecture, own.variant)
        return (own, *(Platform(own.os, *one).normalized() for one in older))


def _older(architecture: str, variant: str) -> Iterator[tuple[str, str]]:
    """What a processor of that architecture runs beside its own, newest first."""
    if architecture == "amd64":
        yield from (("amd64", f"v{n}") for n in range(_number(variant) - 1, 0, -1))
        yield "386", ""
    elif architecture == "arm":
        yield from (("arm", f"v{n}") for n in range(_number(variant) - 1, _OLDEST_ARM - 1, -1))
    elif architecture == "arm64":
        variant = variant or "v8"
        yield from (("arm64", one) for one in _older_arm64(variant))
        in_32_bits = "v8" if variant.startswith(("v8.", "v9.")) else variant
        yield "arm", in_32_bits
        yield from _older("arm", in_32_bits)


def _older_arm64(variant: str) -> Iterator[str]:
    major, _, minor = variant.partition(".")
    number, lower = _number(major), _number(minor)
    if number == 9:
        yield from (f"v9.{n}" for n in range(lower - 1, -1, -1))
        yield f"v8.{lower + _ARM_9_IN_8}"
        lower += _ARM_9_IN_8
    if number in (8, 9):
        yield from (f"v8.{n}" for n in range(lower - 1, -1, -1))


def _number(variant: str) -> int:
    """The number in 'v7'; 0 where there is none."""
    digits = variant.removeprefix("v")
    return int(digits) if digits.isdecimal() else 0
