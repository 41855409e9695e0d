"""The walls around one container, and around two beside each other and their host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpers.model.container.snapshot import CONNECTED, Contact
from helpers.model.isolation.caps import known_to
from helpers.model.isolation.mount_table import MountPoint
from helpers.model.isolation.namespaces import Inodes, is_shared
from helpers.model.isolation.process_status import ProcessStatus
from helpers.model.isolation.user_map import IdRange


@dataclass(frozen=True)
class Walls:
    """What the kernel says of a container's first process, and by which way it was read.

    What could not be read is None or missing, and `troubles` says why, by the name of the part:
    status, uid_map, mountinfo, or ns/ with a kind.
    """

    name: str
    namespaces: Inodes = field(default_factory=dict)
    status: ProcessStatus | None = None
    user_map: tuple[IdRange, ...] | None = None
    mounts: tuple[MountPoint, ...] | None = None
    source: str = ""
    troubles: Mapping[str, str] = field(default_factory=dict)
    last_cap: int | None = None

    def why_not(self, part: str) -> str:
        """Why that part could not be read."""
        return self.troubles.get(part, "not told")


@dataclass(frozen=True)
class Host:
    """The namespaces of the engine's host; `source` says by which way, `troubles` what is n/a."""

    namespaces: Inodes = field(default_factory=dict)
    source: str = ""
    troubles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SideBySide:
    """Two containers and their host at one moment."""

    a: Walls
    b: Walls
    host: Host
    contact: Contact = CONNECTED

    @property
    def sides(self) -> tuple[Walls, Walls]:
        """Both, in the order in which they were asked for."""
        return self.a, self.b

    @property
    def caps(self) -> tuple[str, ...]:
        """The capabilities that the kernel has: both containers run on the same."""
        last = next((side.last_cap for side in self.sides if side.last_cap is not None), None)
        return known_to(last)

    def between(self, kind: str) -> bool | None:
        """Whether the two share their namespace of that kind; None where that is not known."""
        return is_shared(kind, self.a.namespaces, self.b.namespaces)

    def with_host(self, side: int, kind: str) -> bool | None:
        """Whether that one shares it with the host; None where that is not known."""
        return is_shared(kind, self.sides[side].namespaces, self.host.namespaces)
