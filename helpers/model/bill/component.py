"""One package that is in an image, as its database tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from helpers.outside import visible_line, visible_repr

# The types that a package URL gives them: https://github.com/package-url/purl-spec
Kind = Literal["deb", "apk", "pypi", "npm"]
KINDS: tuple[Kind, ...] = ("deb", "apk", "pypi", "npm")
_MOST_LETTERS = 300


@dataclass(frozen=True, order=True, repr=False)
class Component:
    """A package; `source` is the source package that it was built from, with its version.

    `location` is the path of the database, or of the package's own file, that told of it.
    """

    kind: Kind
    name: str
    version: str
    architecture: str = ""
    license: str = ""
    source: str = ""
    source_version: str = ""
    location: str = ""

    @visible_repr
    def __repr__(self) -> str:
        return visible_line(f"{self.name} {self.version} ({self.kind}, /{self.location})")


def plain(text: object) -> str:
    """The text of others on one line, well-formed, and no longer than a name can be."""
    if not isinstance(text, str):
        return ""
    line = " ".join(text[: 4 * _MOST_LETTERS].split())
    return line[:_MOST_LETTERS].encode("utf-8", "replace").decode("utf-8")
