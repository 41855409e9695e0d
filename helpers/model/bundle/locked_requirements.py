"""Locked requirements, read line by line: which package in which version, where, and its hashes.

Source: pip's "Requirements File Format", as `uv pip compile` writes it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"([A-Za-z0-9][\w.-]*)==([^\s;\\]+)(?:\s*;\s*([^\\]*?))?\s*\\?$")
_HASH = re.compile(r"\s+--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class LockedRequirement:
    """One package in one version; `marker` says where it is wanted, '' everywhere."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]

    def line(self) -> str:
        """The requirement with its hashes and without its marker, as pip takes it."""
        hashes = "".join(f" --hash=sha256:{one}" for one in self.hashes)
        return f"{self.name}=={self.version}{hashes}"


def locked_requirements(text: str) -> tuple[LockedRequirement, ...]:
    """All of them, in their order; comments and what else stands there are passed over."""
    requirements: list[LockedRequirement] = []
    for line in text.splitlines():
        if match := _LINE.match(line):
            name, version, marker = match[1], match[2], match[3] or ""
            requirements.append(LockedRequirement(name, version, marker.strip(), ()))
        elif (match := _HASH.match(line)) and requirements:
            last = requirements.pop()
            hashes = (*last.hashes, match[1])
            requirements.append(LockedRequirement(last.name, last.version, last.marker, hashes))
    return tuple(requirements)
