"""Which Linux distribution this is, and what it calls the packages of an engine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_NETWORK = ("iptables", "iproute2", "ca-certificates")


@dataclass(frozen=True)
class Distribution:
    """A distribution by its family: "debian", "ubuntu" or "" for all others.

    `release` is the family's major release, None where it has none (testing, unstable) or a
    derivative counts in its own way.
    """

    name: str
    family: str
    release: int | None

    @classmethod
    def read(
        cls,
        os_release: Path = Path("/etc/os-release"),
        debian_version: Path = Path("/etc/debian_version"),
    ) -> Distribution:
        """The distribution that the machine says it is; see os-release(5)."""
        fields = parse_os_release(_text(os_release))
        identity = fields.get("ID", "")
        kin = [identity, *fields.get("ID_LIKE", "").split()]
        family = next((name for name in kin if name in ("ubuntu", "debian")), "")
        text = fields.get("VERSION_ID", "") if identity == family else ""
        if family == "debian" and not text:
            text = _text(debian_version)
        major = re.match(r"\d+", text)
        title = fields.get("PRETTY_NAME", "") or identity or "this system"
        return cls(title, family, int(major[0]) if major else None)


def parse_os_release(text: str) -> dict[str, str]:
    """The fields of an os-release file, without their quotes."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {key.strip(): value.strip().strip("\"'") for key, value in pairs}


def engine_packages(distribution: Distribution) -> list[str]:
    """The packages of an engine with its CLI and builder; empty for an unknown family.

    Debian 12 and older have CLI and builder in docker.io; from 13 on each is its own package.
    Ubuntu keeps the CLI in docker.io and has the builder apart since 22.04.
    """
    release = distribution.release
    if distribution.family == "debian":
        recent = release is None or release >= 13
        return ["docker.io", *(["docker-cli", "docker-buildx"] if recent else []), *_NETWORK]
    if distribution.family == "ubuntu":
        recent = release is None or release >= 22
        return ["docker.io", *(["docker-buildx"] if recent else []), *_NETWORK]
    return []


def _text(path: Path) -> str:
    """The file's text, empty where there is no such file."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""
