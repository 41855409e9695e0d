"""A container's health looked at, and its check run where the engine has no clock for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from requests.exceptions import RequestException

from helpers.engine.base.engine_identity import is_podman
from helpers.engine.base.engine_info import info_of
from helpers.model.container.container_state import ContainerState

if TYPE_CHECKING:
    from docker import DockerClient

_CHECK_SECONDS = 30


def with_checks(
    client: DockerClient, container_id: str, look: Callable[[], ContainerState]
) -> Callable[[], ContainerState]:
    """The same look; on Podman, each one has it run the container's health check first.

    Podman leaves the time between checks to systemd: without it, nobody else has them run.
    """
    if not is_podman(info_of(client)):
        return look

    def checked() -> ContainerState:
        have_checked(client, container_id)
        return look()

    return checked


def have_checked(client: DockerClient, container_id: str) -> None:
    """The check has run once; `look` tells what came of it, and whether there is one at all.

    Source: Podman's own API, `podman healthcheck run`.
    """
    path = f"/v4.0.0/libpod/containers/{container_id}/healthcheck"
    with suppress(RequestException):
        client.api.get(f"{client.api.base_url}{path}", timeout=_CHECK_SECONDS)
