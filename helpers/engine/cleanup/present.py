"""What on the engine has one of some names, by kind, whoever made it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from helpers.engine.base.images_of import images_of
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
    return [
        ([name.removeprefix("/") for name in item["Names"] or []], item["Id"])
        for item in client.api.containers(all=True)
    ]


def _images(client: DockerClient) -> list[tuple[list[str], str]]:
    return [(_names_of(item), item["Id"]) for item in images_of(client.api)]


def _names_of(item: Mapping[str, Any]) -> list[str]:
    """Its tags; its digests where it was pulled by one and has none."""
    tags = [name.removesuffix(":latest") for name in item["RepoTags"] or []]
    return tags or list(item.get("RepoDigests") or [])


def _networks(client: DockerClient) -> list[tuple[list[str], str]]:
    return [([item["Name"]], item["Id"]) for item in client.api.networks()]


def _volumes(client: DockerClient) -> list[tuple[list[str], str]]:
    return [([item["Name"]], item["Name"]) for item in client.api.volumes()["Volumes"] or []]


_LISTS = {
    "containers": _containers,
    "images": _images,
    "networks": _networks,
    "volumes": _volumes,
}
