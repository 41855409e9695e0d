"""The system that an image is made of, as its os-release file says (os-release(5))."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from helpers.model.bill.component import plain

PATHS = ("etc/os-release", "usr/lib/os-release")


@dataclass(frozen=True)
class OsRelease:
    """Its short name ('debian'), its number ('13'), its code name ('trixie') and its title."""

    id: str = ""
    version: str = ""
    codename: str = ""
    title: str = ""

    @classmethod
    def parse(cls, text: str) -> OsRelease:
        """The file understood; what it does not say is empty."""
        fields: dict[str, str] = {}
        for line in text.splitlines():
            key, equals, value = line.strip().partition("=")
            if equals and not key.startswith("#"):
                fields[key] = _unquoted(value)
        return cls(
            fields.get("ID", ""),
            fields.get("VERSION_ID", ""),
            fields.get("VERSION_CODENAME", ""),
            fields.get("PRETTY_NAME", ""),
        )


def _unquoted(value: str) -> str:
    """The value as a shell would assign it; as it stands where a quote does not end."""
    try:
        words = shlex.split(value)
    except ValueError:
        return plain(value)
    return plain(words[0]) if words else ""
