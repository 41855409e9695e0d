"""Where an engine may be listening: the addresses, in the order in which they are tried."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from docker.context import ContextAPI
from docker.errors import DockerException

from helpers.engine.base.endpoint import Endpoint


def candidates() -> list[Endpoint]:
    """The endpoints that may answer: DOCKER_HOST alone if set, else context, sockets, private.

    Somebody who sets DOCKER_HOST means that engine and no other.
    """
    host = os.environ.get("DOCKER_HOST")
    if host:
        return [Endpoint(host, "DOCKER_HOST")]
    seen: dict[str, Endpoint] = {}
    for endpoint in (*_context(), *_usual_sockets(), *_private()):
        seen.setdefault(endpoint.host, endpoint)
    return list(seen.values())


def _context() -> Iterator[Endpoint]:
    try:
        context = ContextAPI.get_current_context()
    except (DockerException, OSError, ValueError):
        return
    if context is not None and context.Host and context.Name != "default":
        host = context.Host.replace("http+unix://", "unix://")
        yield Endpoint(host, f"context {context.Name}", context.Name)


def _usual_sockets() -> Iterator[Endpoint]:
    if sys.platform == "win32":
        yield Endpoint("npipe:////./pipe/docker_engine", "Docker Desktop's pipe")
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
