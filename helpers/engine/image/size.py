"""How large an image is, told alike of both kinds of image store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from docker.errors import ImageNotFound

from helpers.engine.base.images_of import images_of

if TYPE_CHECKING:
    from docker import APIClient


def unpacked_bytes(api: APIClient, inspected: Mapping[str, Any]) -> int:
    """What the layers of an inspected image take unpacked, as the engine counts them, in bytes.

    That is the sum of its history. The answer's own `Size` is the same with a classic store; with
    containerd's, newer engines count there what is packed. It is taken where the history has not
    every layer, as of images that were made without one.
    """
    layers = (inspected.get("RootFS") or {}).get("Layers") or ()
    history = api.history(inspected["Id"])
    if len(history) < len(layers):
        return int(inspected["Size"])
    return sum(int(entry.get("Size") or 0) for entry in history)


def listed_images(api: APIClient) -> list[dict[str, Any]]:
    """The engine's list of images, each `Size` in unpacked bytes: newer engines list packed ones
    as well with containerd's store.
    """
    return [{**listed, "Size": _listed_bytes(api, listed)} for listed in images_of(api)]


def _listed_bytes(api: APIClient, listed: Mapping[str, Any]) -> int:
    """The list's own figure where the image is gone by now, or of another platform alone."""
    try:
        return unpacked_bytes(api, api.inspect_image(listed["Id"]))
    except ImageNotFound:
        return int(listed["Size"])
