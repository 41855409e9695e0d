"""The socket that a container mounts is the engine's machine's, not always this one's."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.engine.base.engine_socket import engine_socket

ENGINE: dict[str, Any] = {"OperatingSystem": "Debian GNU/Linux 13 (trixie)"}
DESKTOP: dict[str, Any] = {"OperatingSystem": "Docker Desktop"}
PODMAN: dict[str, Any] = {"OperatingSystem": "fedora", "BuildahVersion": "1.41"}


@pytest.mark.parametrize(
    ("host", "info", "system", "path"),
    [
        ("unix:///run/own/docker.sock", ENGINE, "linux", "/run/own/docker.sock"),
        ("unix:///run/user/1000/podman/podman.sock", PODMAN, "linux",
         "/run/user/1000/podman/podman.sock"),
        ("unix:///home/ada/.docker/desktop/docker.sock", DESKTOP, "linux", "/var/run/docker.sock"),
        ("unix:///Users/ada/.docker/run/docker.sock", DESKTOP, "darwin", "/var/run/docker.sock"),
        ("unix:///Users/ada/.colima/docker.sock", ENGINE, "darwin", "/var/run/docker.sock"),
        ("unix:///var/folders/x/podman.sock", PODMAN, "darwin", "/run/podman/podman.sock"),
        ("npipe:////./pipe/docker_engine", DESKTOP, "win32", "/var/run/docker.sock"),
        ("tcp://far:2376", ENGINE, "linux", "/var/run/docker.sock"),
    ],
)  # fmt: skip
def test_path_on_the_engines_machine(
    host: str, info: dict[str, Any], system: str, path: str
) -> None:
    assert engine_socket(host, info, system) == path
