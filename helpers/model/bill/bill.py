"""The bill of materials of an image: its packages, and what was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from helpers.model.bill.component import Component, Kind
from helpers.model.bill.databases import NOT_READ, components_in, database_of
from helpers.model.bill.os_release import PATHS, OsRelease
from helpers.model.text.units import counted
from helpers.outside import visible_repr

# What no package database can tell, whatever is in it.
BLIND = "Programs that were copied in, or compiled there, stand in no database."


@dataclass(frozen=True, repr=False)
class Bill:
    """The packages of an image by name; `unread` says in sentences what was there and not read."""

    image: str
    image_id: str = ""
    os: OsRelease = field(default_factory=OsRelease)
    components: tuple[Component, ...] = ()
    unread: tuple[str, ...] = ()

    @visible_repr
    def __repr__(self) -> str:
        return f"bill of materials of {self.image}: {counted(len(self.components), 'package')}"

    @classmethod
    def of(cls, image: str, image_id: str, files: Mapping[str, bytes]) -> Bill:
        """The bill by the contents of the image's databases, each under its path."""
        release = next((files[path] for path in PATHS if files.get(path)), b"")
        return cls(
            image,
            image_id,
            OsRelease.parse(release.decode("utf-8", "replace")),
            tuple(sorted(set(components_in(files)))),
            tuple(_unread(files)),
        )

    @property
    def counts(self) -> Mapping[Kind, int]:
        """How many packages there are of each kind."""
        return Counter(component.kind for component in self.components)

    def of_kind(self, kind: Kind) -> tuple[Component, ...]:
        """The packages of one kind."""
        return tuple(each for each in self.components if each.kind == kind)

    def with_name(self, text: str) -> tuple[Component, ...]:
        """The packages with that text in their name, capitals or not."""
        return tuple(each for each in self.components if text.lower() in each.name.lower())


def _unread(files: Mapping[str, bytes]) -> list[str]:
    rows = []
    for path in sorted(files):
        kind = database_of(path)
        if kind in NOT_READ:
            rows.append(f"/{path} is rpm's database, which only rpm's own library reads.")
        elif kind in ("python", "npm") and not any(components_in({path: files[path]})):
            rows.append(f"/{path} names no package with a version.")
    return rows
