"""What stands on a registry's volume, by which the images named after it are known again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docker import DockerClient

# The registry's address, and which images were named after it before it was there.
REGISTRY_LABEL = "workbook.registry"
BEFORE_LABEL = "workbook.registry.before"


def volume_labels(client: DockerClient, address: str) -> dict[str, str]:
    """The labels of the volume of a registry that is about to start at that address."""
    return {REGISTRY_LABEL: address, BEFORE_LABEL: json.dumps(_images_under(client, address))}


def names_under(client: DockerClient, volume: dict[str, Any]) -> dict[str, str]:
    """The images that are named after the registry of that volume, and were not before it."""
    labels = volume.get("Labels") or {}
    address = labels.get(REGISTRY_LABEL)
    if not address:
        return {}
    before = set(json.loads(labels.get(BEFORE_LABEL) or "[]"))
    return {name: name for name in _images_under(client, address) if name not in before}


def _images_under(client: DockerClient, address: str) -> list[str]:
    """The names of images that begin with that registry's address."""
    names = [
        name
        for image in client.api.images()
        for name in (image["RepoTags"] or image.get("RepoDigests") or [])
    ]
    return sorted(name for name in names if name.startswith(f"{address}/"))
