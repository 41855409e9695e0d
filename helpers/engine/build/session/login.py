"""The login for a registry, for a builder that fetches from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docker.credentials.errors import StoreError
from docker.errors import DockerException

from helpers.engine.build.protobuf import field, fields_of, text

if TYPE_CHECKING:
    from docker import DockerClient

_DOCKER_HUB = ("registry-1.docker.io", "docker.io")
# What the SDK raises where the helper that keeps the logins is missing, fails or says nonsense.
HELPER_ERRORS = (DockerException, StoreError, ValueError, KeyError, TypeError)


def login(client: DockerClient, asked: bytes) -> bytes:
    """The login that `docker login` keeps for a registry; an empty one where there is none, or
    where the helper that keeps it fails: most images need none.
    """
    host = text(fields_of(asked), 1)
    try:
        found = _found(client, None if host in _DOCKER_HUB else host)
    except HELPER_ERRORS:
        found = {}
    name, word = found.get("username") or found.get("Username"), found.get("password")
    return field(1, name or "") + field(2, word or found.get("Password") or "")


def _found(client: DockerClient, registry: str | None) -> dict[str, str]:
    from docker.auth import load_config

    kept = load_config(credstore_env=client.api.credstore_env)
    return kept.resolve_authconfig(registry) or {}
