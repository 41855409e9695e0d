"""Which files of an image tell of packages, and what each tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from helpers.model.bill.apk import apk_components
from helpers.model.bill.component import Component
from helpers.model.bill.dpkg import dpkg_components
from helpers.model.bill.npm_package import npm_component
from helpers.model.bill.os_release import PATHS
from helpers.model.bill.python_metadata import python_component

Database = Literal["dpkg", "apk", "rpm", "python", "npm", "os"]
_PATTERNS: dict[Database, re.Pattern[str]] = {
    "dpkg": re.compile(r"var/lib/dpkg/status|var/lib/dpkg/status\.d/(?!.*\.md5sums$)[^/]+"),
    "apk": re.compile(r"(usr/)?lib/apk/db/installed"),
    "rpm": re.compile(
        r"(var/lib/rpm|usr/lib/sysimage/rpm|usr/share/rpm)/(Packages|Packages\.db|rpmdb\.sqlite)"
    ),
    "python": re.compile(r"(.*/)?[^/]+(\.dist-info/METADATA|\.egg-info(/PKG-INFO)?)", re.DOTALL),
    "npm": re.compile(r"(.*/)?node_modules/(@[^/]+/)?[^/@][^/]*/package\.json", re.DOTALL),
    "os": re.compile("|".join(map(re.escape, PATHS))),
}
# Read as they are; of these only that they are there.
NOT_READ: tuple[Database, ...] = ("rpm",)


def database_of(path: str) -> Database | None:
    """The kind of database that a file of that path is; None for any other file."""
    for kind, pattern in _PATTERNS.items():
        if pattern.fullmatch(path):
            return kind
    return None


def components_in(files: Mapping[str, bytes]) -> Iterator[Component]:
    """The packages that these files tell of, by path; the same one twice where two files do."""
    for path, content in sorted(files.items()):
        kind, text = database_of(path), content.decode("utf-8", "replace")
        match kind:
            case "dpkg":
                yield from dpkg_components(text, path)
            case "apk":
                yield from apk_components(text, path)
            case "python" | "npm":
                read = python_component if kind == "python" else npm_component
                if component := read(text, path):
                    yield component
