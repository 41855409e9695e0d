"""The platform whose images an engine runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_info import version_of
from helpers.model.image.platform import Platform
from helpers.model.text.answer_parts import text_in

if TYPE_CHECKING:
    from docker import DockerClient


def engine_platform(client: DockerClient) -> Platform:
    """The platform that the engine runs: linux/amd64. Raises EngineGone."""
    with translated("docker version"):
        answer = version_of(client)
    return Platform(
        text_in(answer, "Os") or "linux", text_in(answer, "Arch") or "amd64"
    ).normalized()
