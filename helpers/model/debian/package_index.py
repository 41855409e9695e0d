"""The index of a suite's packages: which there are, and who provides what."""

from __future__ import annotations

from helpers.model.debian.package import Package, bare_name
from helpers.model.debian.version import version_key

_PACKAGE, _PROVIDES = b"Package: ", b"\nProvides: "


class PackageIndex:
    """All packages of a suite; a paragraph is understood only when it is asked for.

    A suite has 70,000 of them, of which a tree takes fifty.
    """

    def __init__(self, listing: bytes) -> None:
        self._stanzas: dict[str, list[bytes]] = {}
        self._providers: dict[str, set[str]] = {}
        for stanza in listing.split(b"\n\n"):
            if stanza.startswith(_PACKAGE):
                name = _line_from(stanza, len(_PACKAGE))
                self._stanzas.setdefault(name, []).append(stanza)
                self._note_provided(stanza, name)

    def package(self, name: str) -> Package | None:
        """The newest package of that name; None where there is none."""
        stanzas = self._stanzas.get(name, [])
        packages = [Package.parse(stanza.decode(errors="replace")) for stanza in stanzas]
        return max(packages, key=lambda package: version_key(package.version), default=None)

    def has(self, name: str) -> bool:
        """Whether there is a package of that name."""
        return name in self._stanzas

    def providers(self, name: str) -> list[str]:
        """The packages that provide it under names of their own, in order."""
        return sorted(self._providers.get(name, ()))

    def _note_provided(self, stanza: bytes, name: str) -> None:
        start = stanza.find(_PROVIDES)
        if start >= 0:
            for provided in _line_from(stanza, start + len(_PROVIDES)).split(","):
                self._providers.setdefault(bare_name(provided), set()).add(name)


def _line_from(stanza: bytes, start: int) -> str:
    end = stanza.find(b"\n", start)
    return stanza[start : end if end >= 0 else None].decode(errors="replace").strip()
