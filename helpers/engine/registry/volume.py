"""A registry's volume, removed, and the images that are named after the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.listed_objects import images_of
from helpers.engine.base.origin import is_own_volume
from helpers.engine.base.origin_ledger import MadeObject
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient


def remove_volume(context: EngineContext, name: str) -> bool:
    """Whether the workbook's volume of that name was there; it is gone now."""
    line = docker_line("volume", "rm", name)
    with translated(line):
        if not is_own_volume(context.client, name):
            return False
        context.client.api.remove_volume(name)
    context.log.add(line)
    return True


def names_under(client: DockerClient, volume: MadeObject) -> list[str]:
    """The images that are named after the registry of that volume, and were not before it."""
    if not volume.address:
        return []
    return [name for name in images_at(client, volume.address) if name not in volume.before]


def images_at(client: DockerClient, address: str) -> list[str]:
    """The names of images that begin with that registry's address."""
    names = [name for image in images_of(client.api) for name in (image.tags or image.digests)]
    return sorted(name for name in names if name.startswith(f"{address}/"))
