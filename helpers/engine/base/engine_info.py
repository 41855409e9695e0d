"""What an engine says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helpers.engine.base.needed_parts import needed_table

if TYPE_CHECKING:
    from docker import DockerClient


def info_of(client: DockerClient) -> dict[str, Any]:
    """What `docker info` tells; raises the SDK's own errors, and EngineError for no object."""
    return needed_table(client.info(), "docker info")


def version_of(client: DockerClient) -> dict[str, Any]:
    """What `docker version` tells of the engine; raises as `info_of` does."""
    return needed_table(client.version(), "docker version")
