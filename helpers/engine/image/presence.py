"""Whether an image is on the engine, and what the engine tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docker.errors import ImageNotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.needed_parts import needed_table

if TYPE_CHECKING:
    from docker import DockerClient


def inspected(client: DockerClient, name: str) -> dict[str, Any] | None:
    """What `docker image inspect` tells of that image; None where there is none of that name."""
    with translated(f"docker image inspect {name}"):
        try:
            answer = client.api.inspect_image(name)
        except ImageNotFound:
            return None
    return needed_table(answer, "docker image inspect")
