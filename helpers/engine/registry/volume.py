"""The images that are named after a registry, noted with its volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.origin_ledger import MadeObject

if TYPE_CHECKING:
    from docker import DockerClient


def names_under(client: DockerClient, volume: MadeObject) -> list[str]:
    """The images that are named after the registry of that volume, and were not before it."""
    if not volume.address:
        return []
    return [name for name in images_at(client, volume.address) if name not in volume.before]


def images_at(client: DockerClient, address: str) -> list[str]:
    """The names of images that begin with that registry's address."""
    names = [
        name
        for image in client.api.images()
        for name in (image["RepoTags"] or image.get("RepoDigests") or [])
    ]
    return sorted(name for name in names if name.startswith(f"{address}/"))
