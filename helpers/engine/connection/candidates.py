"""Where an engine may be listening: the addresses, in the order in which they are tried."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.address import DEFAULT_PIPE
from helpers.engine.connection.rules import chosen_endpoint


def candidates() -> list[Endpoint]:
    """The one that the docker command's rules name, alone; else the usual sockets, then ours.

    Who names an engine means that one and no other. Raises EngineNotFound for a context that there
    is not.
    """
    chosen = chosen_endpoint()
    if chosen:
        return [chosen]
    seen: dict[str, Endpoint] = {}
    for endpoint in (*_usual_sockets(), *_private()):
        seen.setdefault(endpoint.host, endpoint)
    return list(seen.values())


def _usual_sockets() -> Iterator[Endpoint]:
    if sys.platform == "win32":
        yield Endpoint(DEFAULT_PIPE, "Docker Desktop's pipe")
        return
    for path, owner in _socket_paths(Path.home(), os.environ.get("XDG_RUNTIME_DIR")):
        if path.exists():
            yield Endpoint(f"unix://{path}", owner)


def _socket_paths(home: Path, runtime: str | None) -> Iterator[tuple[Path, str]]:
    yield Path("/var/run/docker.sock"), "the usual socket"
    if runtime:
        yield Path(runtime, "docker.sock"), "rootless Docker"
    yield home / ".docker/run/docker.sock", "Docker Desktop"
    yield home / ".docker/desktop/docker.sock", "Docker Desktop"
    yield home / ".colima/default/docker.sock", "Colima"
    yield home / ".rd/docker.sock", "Rancher Desktop"
    yield home / ".orbstack/run/docker.sock", "OrbStack"
    if runtime:
        yield Path(runtime, "podman/podman.sock"), "Podman"
    yield Path("/run/podman/podman.sock"), "Podman"


def _private() -> Iterator[Endpoint]:
    # Loaded here: with DOCKER_HOST, as in each kernel, `connect()` does without it.
    from helpers.engine.private import PrivateEngine

    engine = PrivateEngine()
    if engine.is_running():
        yield Endpoint(engine.host, "the workbook's private engine")
