"""What a command did: the line to type, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.model.text.units import format_seconds
from helpers.outside import visible_line, visible_repr


@dataclass(frozen=True)
class Done:
    """A finished command on a container; `status` is the container's afterwards."""

    command: str
    name: str
    status: str
    seconds: float

    @visible_repr
    def __repr__(self) -> str:
        return (
            f"$ {self.command}\n{self.name} is {self.status}, after {format_seconds(self.seconds)}"
        )


@dataclass(frozen=True)
class Answer:
    """An app's first good answer over HTTP, and how long it took to come."""

    url: str
    status: int
    seconds: float
    text: str

    @visible_repr
    def __repr__(self) -> str:
        return f"{self.url} answered {self.status} after {format_seconds(self.seconds)}"


@dataclass(frozen=True)
class Deleted:
    """What was deleted in a registry: a manifest, and the tags that led to it."""

    repository: str
    digest: str
    tags: tuple[str, ...]

    @visible_repr
    def __repr__(self) -> str:
        tags = ", ".join(self.tags) or "none"
        text = f"deleted {self.digest} from {self.repository}; tags that led to it: {tags}"
        return visible_line(text)


@dataclass(frozen=True)
class Removed:
    """The names of what a clean-up removed, by kind."""

    containers: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many objects were removed."""
        return len(self.containers + self.images + self.networks + self.volumes)

    @visible_repr
    def __repr__(self) -> str:
        kinds = ("containers", "images", "networks", "volumes")
        lines = [f"{kind}: {', '.join(names)}" for kind in kinds if (names := getattr(self, kind))]
        return "removed " + "; ".join(lines) if lines else "nothing to remove"
