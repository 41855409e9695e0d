"""A second name for an image, with a registry's address in it, noted for clean-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docker.errors import APIError, ImageNotFound

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.needed_parts import id_in
from helpers.engine.base.origin_ledger import IMAGES, asked_for, forget
from helpers.model.image.reference import ImageReference

if TYPE_CHECKING:
    from docker import DockerClient


def tag(context: EngineContext, image: str, target: ImageReference) -> None:
    """Gives the image that name; raises the SDK's own errors. A name that it has is not noted."""
    client, name = context.client, target.familiar()
    before = _leads_to(client, name)
    note = asked_for(client, context.lesson, IMAGES, name=name, before=before)
    try:
        client.api.tag(image, target.familiar_name, target.tag)
        after = _leads_to(client, name)
    except APIError:
        forget([note])
        raise
    if after == before:
        forget([note])
    else:
        note.made(*after)


def _leads_to(client: DockerClient, name: str) -> tuple[str, ...]:
    """The id of the image of that name; nothing where there is none."""
    try:
        return (id_in(client.api.inspect_image(name), "docker inspect"),)
    except ImageNotFound:
        return ()
