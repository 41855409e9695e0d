"""How large an image is, told alike of both kinds of image store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docker.errors import ImageNotFound

from helpers.engine.base.listed_objects import ListedImage, images_of
from helpers.engine.base.needed_parts import id_in, needed_count, needed_rows
from helpers.model.text.answer_parts import count_in, texts_of

if TYPE_CHECKING:
    from docker import APIClient


def unpacked_bytes(api: APIClient, inspected: Mapping[str, Any]) -> int:
    """What the layers of an inspected image take unpacked, as the engine counts them, in bytes.

    That is the sum of its history. The answer's own `Size` is the same with a classic store; with
    containerd's, newer engines count there what is packed. It is taken where the history has not
    every layer, as of images that were made without one.
    """
    command = "docker inspect"
    layers = texts_of(inspected, "RootFS", "Layers")
    history = needed_rows(api.history(id_in(inspected, command)), "docker history")
    if len(history) < len(layers):
        return needed_count(inspected, command, "Size")
    return sum(count_in(entry, "Size") for entry in history)


def listed_images(api: APIClient) -> list[ListedImage]:
    """The engine's list of images, each size in unpacked bytes: newer engines list packed ones
    as well with containerd's store.
    """
    return [replace(each, size_bytes=_listed_bytes(api, each)) for each in images_of(api)]


def _listed_bytes(api: APIClient, listed: ListedImage) -> int:
    """The list's own figure where the image is gone by now, or of another platform alone."""
    try:
        return unpacked_bytes(api, api.inspect_image(listed.id))
    except ImageNotFound:
        return listed.size_bytes
