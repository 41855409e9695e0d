"""Where an image could be had from, without fetching it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from helpers.engine.image.presence import inspected
from helpers.engine.registry.reachability import reachability
from helpers.engine.supply.public_copies import answering_copy
from helpers.engine.supply.stand_in import can_make
from helpers.model.image.reference import ImageReference
from helpers.model.supply.catalogue import lesson_image

if TYPE_CHECKING:
    from docker import DockerClient


def source_of(client: DockerClient, name: str) -> str:
    """The first that could give it, in words; or why nobody can."""
    if inspected(client, name) is not None:
        return "this engine"
    reference = ImageReference.parse(name)
    image = lesson_image(reference)
    if image is not None and image.own:
        able, reason = can_make() if image.stand_in else (True, "")
        return "the workbook's recipe, made here" if able else f"a bundle; else {reason}"
    if os.environ.get("WORKBOOK_MIRROR"):
        return "the mirror, if it has it"
    hub = reachability()
    if hub.is_reachable:
        return "Docker Hub"
    if copy := answering_copy(reference):
        return f"{copy.title}, Docker Hub being closed"
    if image is not None and image.stand_in is not None and can_make()[0]:
        return "a stand-in, made here"
    return f"nowhere from here; Docker Hub: {hub.observed}"
