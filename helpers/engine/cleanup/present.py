"""What on the engine has one of some names, by kind, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.listed_objects import (
    ListedImage,
    containers_of,
    images_of,
    networks_of,
    volumes_of,
)
from helpers.engine.base.origin_ledger import KINDS

if TYPE_CHECKING:
    from docker import DockerClient

Present = dict[str, dict[str, str]]


def present(client: DockerClient, names: tuple[str, ...]) -> Present:
    """{kind: {name: identity}} of what has one of these names; nothing is read from a label.

    A name such as 'localhost:5004/' stands for all images that are named after that registry.

    The identity is the id; a volume, which has none, is known by its name alone: what an engine
    tells as its creation moves with what is written into it.
    """
    return {kind: _holders(client, kind, names) if names else {} for kind in KINDS}


def _holders(client: DockerClient, kind: str, names: tuple[str, ...]) -> dict[str, str]:
    prefixes = tuple(name for name in names if name.endswith("/"))
    return {
        name: identity
        for names_of_it, identity in _LISTS[kind](client)
        for name in names_of_it
        if name in names or name.startswith(prefixes)
    }


def _containers(client: DockerClient) -> list[tuple[list[str], str]]:
    return [(list(item.names), item.id) for item in containers_of(client.api, all=True)]


def _images(client: DockerClient) -> list[tuple[list[str], str]]:
    return [(_names_of(item), item.id) for item in images_of(client.api)]


def _names_of(item: ListedImage) -> list[str]:
    """Its tags; its digests where it was pulled by one and has none."""
    tags = [name.removesuffix(":latest") for name in item.tags]
    return tags or list(item.digests)


def _networks(client: DockerClient) -> list[tuple[list[str], str]]:
    return [(list(item.names), item.id) for item in networks_of(client.api)]


def _volumes(client: DockerClient) -> list[tuple[list[str], str]]:
    return [(list(item.names), item.id) for item in volumes_of(client.api)]


_LISTS = {
    "containers": _containers,
    "images": _images,
    "networks": _networks,
    "volumes": _volumes,
}
