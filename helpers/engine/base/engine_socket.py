"""Where an engine's socket is for the engine itself: the path that a container would mount."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from helpers.engine.base.engine_identity import is_podman
from helpers.model.text.answer_parts import text_in

DOCKER_SOCKET, PODMAN_SOCKET = "/var/run/docker.sock", "/run/podman/podman.sock"
_UNIX = "unix://"


def engine_socket(host: str, info: Mapping[str, Any], system: str = sys.platform) -> str:
    """The path on the engine's own machine; `host` is how this one reaches it, `info` its answer.

    On Linux both are the same machine, but for Docker Desktop and where a network lies between:
    there the socket is where the engine's packages put it.
    """
    is_desktop = "Docker Desktop" in text_in(info, "OperatingSystem")
    if system == "linux" and host.startswith(_UNIX) and not is_desktop:
        return host.removeprefix(_UNIX)
    return PODMAN_SOCKET if is_podman(info) else DOCKER_SOCKET
