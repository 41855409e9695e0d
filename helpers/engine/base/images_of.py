"""The images of an engine, listed, with the names that Docker gives them."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from helpers.errors import InvalidInput
from helpers.model.image.reference import ImageReference

if TYPE_CHECKING:
    from docker import APIClient

_HUB = "docker.io/"


def images_of(api: APIClient, **options: Any) -> list[dict[str, Any]]:
    """What `docker images` tells, by the SDK's options of the same name; names are familiar ones.

    Podman's have nothing left out: docker.io/library/busybox:1.37.
    """
    return [
        {**item, "RepoTags": [familiar(name) for name in item.get("RepoTags") or []]}
        for item in api.images(**options)
    ]


def familiar(name: str) -> str:
    """The name as Docker lists it: of an image of Docker Hub without the registry."""
    if name.startswith(_HUB):
        with suppress(InvalidInput):
            return ImageReference.parse(name).familiar()
    return name
