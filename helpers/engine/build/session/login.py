"""The login for a registry, for a builder that fetches from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.build.protobuf import field, fields_of, text
from helpers.engine.registry.login import name_and_password

if TYPE_CHECKING:
    from docker import DockerClient

_DOCKER_HUB = ("registry-1.docker.io", "docker.io")


def login(client: DockerClient, asked: bytes) -> bytes:
    """The login that `docker login` keeps for a registry; an empty one where there is none, or
    where the helper that keeps it fails: most images need none.
    """
    host = text(fields_of(asked), 1)
    name, password = name_and_password(client, None if host in _DOCKER_HUB else host)
    return field(1, name) + field(2, password)
