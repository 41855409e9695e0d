"""What Debian's security team has mended in packages that an image still has as they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from helpers.model.bill.component import Component, Kind
from helpers.model.debian.package import Package
from helpers.model.debian.version import version_key
from helpers.model.text.units import counted
from helpers.outside import visible_line, visible_repr


class Lookup(Protocol):
    """The newest packages of a suite by name."""

    def package(self, name: str) -> Package | None:
        """The package of that name; None where there is none."""


@dataclass(frozen=True, repr=False)
class Fix:
    """The packages of one source that have a newer version in the security suite.

    `cves` are the CVE numbers that the changelog names since the installed version, None where
    it was not read, for the reason in `why_no_cves`.
    """

    source: str
    installed: tuple[Component, ...]
    newer: tuple[Package, ...]
    cves: tuple[str, ...] | None = None
    why_no_cves: str = ""

    @visible_repr
    def __repr__(self) -> str:
        return visible_line(f"{self.source}: {self.installed[0].version} → {self.newer[0].version}")


@dataclass(frozen=True, repr=False)
class KnownFixes:
    """The fixes of `suite` that an image lacks, of so many packages compared.

    `date` is when the suite's list was made; `note` says what was not checked of it.
    """

    image: str
    suite: str
    compared: int
    fixes: tuple[Fix, ...] = ()
    date: datetime | None = None
    note: str = ""
    not_known: tuple[str, ...] = field(default=())

    @property
    def cves(self) -> tuple[str, ...]:
        """All CVE numbers that changelogs name, each once."""
        return tuple(dict.fromkeys(cve for fix in self.fixes for cve in fix.cves or ()))

    @visible_repr
    def __repr__(self) -> str:
        return f"{counted(len(self.fixes), 'source')} of {self.suite} newer than in {self.image}"


def lacking(components: Iterable[Component], suite: Lookup) -> list[Fix]:
    """A fix for each source of which a package of the suite is newer than the installed one."""
    by_source: dict[str, list[tuple[Component, Package]]] = {}
    for each in components:
        newest = suite.package(each.name)
        if newest and version_key(newest.version) > version_key(each.version):
            by_source.setdefault(each.source or each.name, []).append((each, newest))
    return [
        Fix(source, tuple(old for old, _ in pairs), tuple(new for _, new in pairs))
        for source, pairs in sorted(by_source.items())
    ]


def not_known(counts: Mapping[Kind, int]) -> tuple[str, ...]:
    """What a security suite of Debian's does not know, in sentences; counts are by kind."""
    others: dict[Kind, str] = {"pypi": "Python", "npm": "npm", "apk": "Alpine"}
    rows = [
        f"{words}'s {counted(counts[kind], 'package')}: Debian's list does not know "
        f"{'it' if counts[kind] == 1 else 'them'}."
        for kind, words in others.items()
        if counts.get(kind)
    ]
    return (
        "It knows what stands in Debian's security archive, and nothing else: a hole without a fix "
        "is not in it, nor one that is mended only with the next point release.",
        "Whether a hole matters to your app, it does not know either.",
        *rows,
    )
