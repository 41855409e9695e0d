"""The lists of an engine: its containers, networks, volumes and images, each row read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from helpers.engine.base.needed_parts import id_in, needed_rows, needed_text
from helpers.model.image.reference import familiar
from helpers.model.text.answer_parts import count_in, table_of_texts, texts_of

if TYPE_CHECKING:
    from docker import APIClient


@dataclass(frozen=True)
class ListedObject:
    """A container, a network or a volume in the engine's list; a volume's id is its name.

    `names` are at least one: of a container without any, its short id.
    """

    id: str
    names: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How people know it."""
        return self.names[0]


@dataclass(frozen=True)
class ListedImage:
    """An image in the engine's list: its tags and its names by digest, as Docker writes them.

    `size_bytes` is the list's own figure: with containerd's store that of what is packed.
    """

    id: str
    tags: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    size_bytes: int = 0


def containers_of(api: APIClient, **options: Any) -> list[ListedObject]:
    """What `docker ps` lists, by the SDK's options of the same name; raises EngineError."""
    command = "docker ps"
    return [
        ListedObject(identity := id_in(row, command), _names(row, identity), _labels(row))
        for row in needed_rows(api.containers(**options), command)
    ]


def networks_of(api: APIClient, **options: Any) -> list[ListedObject]:
    """What `docker network ls` lists, by the SDK's options; raises EngineError."""
    command = "docker network ls"
    return [
        ListedObject(id_in(row, command), (needed_text(row, command, "Name"),), _labels(row))
        for row in needed_rows(api.networks(**options), command)
    ]


def volumes_of(api: APIClient, **options: Any) -> list[ListedObject]:
    """What `docker volume ls` lists, by the SDK's options; raises EngineError."""
    command = "docker volume ls"
    return [
        ListedObject(name := needed_text(row, command, "Name"), (name,), _labels(row))
        for row in needed_rows(api.volumes(**options), command, "Volumes")
    ]


def images_of(api: APIClient, **options: Any) -> list[ListedImage]:
    """What `docker images` lists, by the SDK's options of the same name; raises EngineError.

    Podman's names have nothing left out: docker.io/library/busybox:1.37. Docker's are given.
    """
    command = "docker images"
    return [
        ListedImage(
            id_in(row, command),
            tuple(familiar(name) for name in texts_of(row, "RepoTags")),
            tuple(texts_of(row, "RepoDigests")),
            _labels(row),
            count_in(row, "Size"),
        )
        for row in needed_rows(api.images(**options), command)
    ]


def _names(row: Mapping[str, Any], identity: str) -> tuple[str, ...]:
    names = tuple(name.removeprefix("/") for name in texts_of(row, "Names"))
    return tuple(name for name in names if name) or (identity[:12],)


def _labels(row: Mapping[str, Any]) -> dict[str, str]:
    return table_of_texts(row, "Labels")
