"""What a container printed so far."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from docker.errors import APIError

if TYPE_CHECKING:
    from docker import DockerClient

# Podman reads the file that its other process writes, and stumbles over a line that is half there.
_HALF_WRITTEN = "is not a valid container log line"
_TRIES = 20
_PAUSE_SECONDS = 0.05


def log_of(client: DockerClient, container: str, tail: int | None = None) -> bytes:
    """Its standard output and error in the order of writing; with `tail` so many last lines.

    Raises docker's APIError.
    """
    for left in reversed(range(_TRIES)):
        try:
            text: bytes = client.api.logs(container, tail="all" if tail is None else tail)
            return text
        except APIError as error:
            if not left or _HALF_WRITTEN not in str(error):
                raise
            time.sleep(_PAUSE_SECONDS)
    raise AssertionError("the last try returns or raises")
