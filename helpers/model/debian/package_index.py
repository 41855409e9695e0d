"""The index of a suite's packages: which there are, and who provides what."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Protocol

from helpers.model.debian.package import Package, bare_name
from helpers.model.debian.version import version_key

# Where a paragraph begins, and what it may say later on. With the line break before it this takes a
# quarter of the time of `^`.
_FIELD = re.compile(rb"\nP(ackage|rovides): (.+)")


class Index(Protocol):
    """What packages are looked up in."""

    def package(self, name: str) -> Package | None:
        """The package of that name; None where there is none."""

    def has(self, name: str) -> bool:
        """Whether there is a package of that name."""

    def providers(self, name: str) -> list[str]:
        """The packages that provide it under names of their own, in order."""


class PackageIndex:
    """All packages of a suite; a paragraph is understood only when it is asked for.

    A suite has 70,000 of them, of which a tree takes fifty.
    """

    def __init__(self, listing: bytes) -> None:
        self._listing = listing
        self._starts: dict[str, list[int]] = {}
        self._providers: dict[str, set[str]] = {}
        name = ""
        for match in _FIELD.finditer(b"\n" + listing):
            value = match[2].decode(errors="replace").strip()
            if match[1] == b"ackage":
                name = value
                self._starts.setdefault(name, []).append(match.start())
            else:
                for provided in value.split(","):
                    self._providers.setdefault(bare_name(provided), set()).add(name)

    def package(self, name: str) -> Package | None:
        """The newest package of that name; None where there is none."""
        packages = [Package.parse(self._stanza(start)) for start in self._starts.get(name, [])]
        return max(packages, key=lambda package: version_key(package.version), default=None)

    def has(self, name: str) -> bool:
        """Whether there is a package of that name."""
        return name in self._starts

    def providers(self, name: str) -> list[str]:
        """The packages that provide it under names of their own, in order."""
        return sorted(self._providers.get(name, ()))

    def _stanza(self, start: int) -> str:
        end = self._listing.find(b"\n\n", start)
        return self._listing[start : end if end >= 0 else None].decode(errors="replace")


class LayeredIndex:
    """A suite on top of a whole one, as experimental is: it has only some packages.

    Those that are `wanted` come from it; what they need, where the whole one has it, from there.
    """

    def __init__(self, top: Index, whole: Index, wanted: Collection[str]) -> None:
        self._top, self._whole, self._wanted = top, whole, wanted

    def package(self, name: str) -> Package | None:
        """The package of the suite that it is taken from."""
        return self._of(name).package(name)

    def has(self, name: str) -> bool:
        """Whether either has it."""
        return self._top.has(name) or self._whole.has(name)

    def providers(self, name: str) -> list[str]:
        """Those of the whole suite, else those on top."""
        return self._whole.providers(name) or self._top.providers(name)

    def _of(self, name: str) -> Index:
        on_top = self._top.has(name) and (name in self._wanted or not self._whole.has(name))
        return self._top if on_top else self._whole
