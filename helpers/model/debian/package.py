"""One package of an archive, as the index of packages describes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers.errors import SetupFailed
from helpers.model.debian.fields import parse_fields
from helpers.model.debian.release_file import is_sha256

_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]{0,99}")
_VERSION = re.compile(r"[A-Za-z0-9.+:~-]{1,200}")
_MOST_BYTES = 1 << 30
Alternatives = tuple[str, ...]


@dataclass(frozen=True)
class Package:
    """A package; `path` is its file's within the mirror, `needs` are what it depends on.

    Each need is met by any one of its alternatives. Versions in them are left out: within one
    suite every package goes with the others.
    """

    name: str
    version: str
    path: str
    sha256: str
    size_bytes: int
    unpacked_bytes: int
    needs: tuple[Alternatives, ...]

    @classmethod
    def parse(cls, stanza: str) -> Package:
        """The package of one paragraph of a Packages file; SetupFailed where it cannot be."""
        fields = parse_fields(stanza)
        name, version, path = (fields.get(key, "") for key in ("package", "version", "filename"))
        digest, size = fields.get("sha256", ""), fields.get("size", "")
        unpacked = fields.get("installed-size", "0")
        usable = (
            _NAME.fullmatch(name)
            and _VERSION.fullmatch(version)
            and _is_deb_path(path)
            and is_sha256(digest)
            and all(number.isdecimal() and len(number) < 12 for number in (size, unpacked))
            and int(size) <= _MOST_BYTES
        )
        if not usable:
            raise SetupFailed(
                f"Debian's index describes a package ({name[:60]!r}) that cannot be.",
                "Try it again, or name another mirror in WORKBOOK_DEBIAN_MIRROR.",
            )
        text = ",".join(fields.get(key, "") for key in ("pre-depends", "depends"))
        return cls(name, version, path, digest, int(size), int(unpacked) * 1024, parse_needs(text))


def parse_needs(text: str) -> tuple[Alternatives, ...]:
    """The alternatives of each need in a Depends field: names without versions."""
    groups = (tuple(filter(None, map(bare_name, group.split("|")))) for group in text.split(","))
    return tuple(group for group in groups if group)


def bare_name(text: str) -> str:
    """'libc6' of ' libc6:any (>= 2.38)'."""
    return re.split(r"[\s(:\[]", text.strip(), maxsplit=1)[0]


def _is_deb_path(path: str) -> bool:
    parts = path.split("/")
    plain = path.isascii() and path.isprintable() and not set(path) & set(" ?#%\\")
    return plain and path.endswith(".deb") and not {"", ".", ".."} & set(parts)
