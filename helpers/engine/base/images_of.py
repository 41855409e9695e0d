"""The images of an engine, listed, with the names that Docker gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.model.image.reference import familiar

if TYPE_CHECKING:
    from docker import APIClient


def images_of(api: APIClient, **options: Any) -> list[dict[str, Any]]:
    """What `docker images` tells, by the SDK's options of the same name; names are familiar ones.

    Podman's have nothing left out: docker.io/library/busybox:1.37.
    """
    return [
        {**item, "RepoTags": [familiar(name) for name in item.get("RepoTags") or []]}
        for item in api.images(**options)
    ]
