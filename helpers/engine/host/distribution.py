"""Which Linux distribution this is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Distribution:
    """A distribution by its family: "debian", "ubuntu" or "" for all others."""

    name: str
    family: str

    @classmethod
    def read(cls, os_release: Path = Path("/etc/os-release")) -> Distribution:
        """The distribution that the machine says it is; see os-release(5)."""
        fields = parse_os_release(_text(os_release))
        identity = fields.get("ID", "")
        kin = [identity, *fields.get("ID_LIKE", "").split()]
        family = next((name for name in kin if name in ("ubuntu", "debian")), "")
        return cls(fields.get("PRETTY_NAME", "") or identity or "this system", family)


def parse_os_release(text: str) -> dict[str, str]:
    """The fields of an os-release file, without their quotes."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {key.strip(): value.strip().strip("\"'") for key, value in pairs}


def _text(path: Path) -> str:
    """The file's text, empty where there is no such file."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""
