"""The platform whose images an engine runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.model.image.platform import Platform

if TYPE_CHECKING:
    from docker import DockerClient


def engine_platform(client: DockerClient) -> Platform:
    """The platform that the engine runs: linux/amd64. Raises EngineGone."""
    with translated("docker version"):
        answer = client.version()
    return Platform(str(answer.get("Os", "linux")), str(answer.get("Arch", "amd64"))).normalized()
