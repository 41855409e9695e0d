"""A registry in a container on this engine: found, or started with a volume of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpers.engine.answers import translated
from helpers.engine.labels import LESSON, labels_for
from helpers.engine.registry import Registry
from helpers.engine.supply.hub import reachability
from helpers.errors import (
    InvalidInput,
    NameInUse,
    NoSuchContainer,
    PortInUse,
    RegistryGone,
    WorkbookError,
)
from helpers.model.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient

    from helpers.engine.container import Container
    from helpers.engine.engine import Docker

IMAGE = "registry:2"
NAME, PORT = "workbook-registry", 5004
CACHE_NAME, CACHE_PORT = "workbook-cache", 5005
FAR_CACHE_NAME, FAR_CACHE_PORT = "workbook-hub-cache", 5006
NETWORK = "workbook-registries"
# On the volume: the registry's address, and which images were named after it before it was there.
REGISTRY_LABEL = "workbook.registry"
BEFORE_LABEL = "workbook.registry.before"
DOCKER_HUB_URL = "https://registry-1.docker.io"
_READY_SECONDS = 30


def local_registry(docker: Docker, port: int = PORT) -> Registry:
    """The workbook's registry on localhost; the one that is there, or a new, empty one.

    Raises NameInUse where another's container has its name, PortInUse, ImageUnavailable, NotReady.
    """
    settings = {"REGISTRY_STORAGE_DELETE_ENABLED": "true"}
    return _opened(docker, NAME, port, settings)


def running_registry(docker: Docker, name: str = NAME) -> Registry | None:
    """The workbook's registry, if it runs; nothing is started or waited for."""
    try:
        found = docker.container(name)
        return _of(docker, found) if found.status == "running" else None
    except NoSuchContainer:
        return None


def cache(docker: Docker, of: Registry | str, port: int | None = None) -> Registry:
    """A pull-through cache of another registry: a Registry on this engine, or an address.

    'docker.io' is Docker Hub. A cache of an address starts again with the engine, until it is
    removed. Raises as `local_registry` does, and RegistryGone where that address is out of reach.
    """
    if isinstance(of, str) or of.container is None:
        return _far_cache(docker, of if isinstance(of, str) else of.address, port)
    lines = _joined(docker, of.container)
    settings = {"REGISTRY_PROXY_REMOTEURL": f"http://{of.container.name}:5000"}
    number = CACHE_PORT if port is None else port
    found = _opened(docker, CACHE_NAME, number, settings, NETWORK)
    found.prepared_by = lines
    return found


def _far_cache(docker: Docker, address: str, port: int | None) -> Registry:
    """A cache of a registry elsewhere, which would not even start while that is out of reach."""
    url = DOCKER_HUB_URL if address in ("docker.io", "hub") else address
    url = url if "://" in url else f"https://{url}"
    found = reachability(url)
    if not found.is_reachable:
        raise RegistryGone(
            f"There is nothing to keep copies of: {found.found}.",
            "Try again where that registry is reached, or carry a bundle (`./workbook bundle`).",
        )
    settings = {"REGISTRY_PROXY_REMOTEURL": url}
    number = FAR_CACHE_PORT if port is None else port
    return _opened(docker, FAR_CACHE_NAME, number, settings, restart="unless-stopped")


def names_under(client: DockerClient, volume: dict[str, Any]) -> dict[str, str]:
    """The images that are named after the registry of that volume, and were not before it."""
    labels = volume.get("Labels") or {}
    address = labels.get(REGISTRY_LABEL)
    if not address:
        return {}
    before = set(json.loads(labels.get(BEFORE_LABEL) or "[]"))
    return {name: name for name in _named(client, address) if name not in before}


def _opened(
    docker: Docker,
    name: str,
    port: int,
    settings: dict[str, str],
    network: str | None = None,
    restart: str | None = None,
) -> Registry:
    _refuse_other_machine(docker)
    found = _existing(docker, name)
    if found is None:
        found = _started(docker, name, port, settings, network, restart)
    elif found.status != "running":
        found.start()
    found.wait_until_ready("/v2/", port=5000, seconds=_READY_SECONDS)
    return _of(docker, found)


def _of(docker: Docker, container: Container) -> Registry:
    number = container.url(5000).rstrip("/").rpartition(":")[2]
    return Registry(
        docker.client, docker.commands, f"localhost:{number}", container, docker.on_transfer
    )


def _existing(docker: Docker, name: str) -> Container | None:
    """The workbook's container of that name; raises NameInUse where it is somebody else's."""
    try:
        found = docker.container(name)
    except NoSuchContainer:
        return None
    labels = docker.client.api.inspect_container(found.id)["Config"]["Labels"] or {}
    if LESSON not in labels:
        raise NameInUse(
            f"There is a container named {name!r} already, and the workbook did not make it.",
            "Rename it (`docker rename`), or remove it if it is yours and not needed.",
        )
    return found


def _started(
    docker: Docker,
    name: str,
    port: int,
    settings: dict[str, str],
    network: str | None,
    restart: str | None,
) -> Container:
    docker.supply.ensure(IMAGE, docker.on_supply)
    _make_volume(docker, name, f"localhost:{port}")
    try:
        return docker.run(
            IMAGE,
            name=name,
            ports={5000: f"127.0.0.1:{port}"},
            environment=settings,
            volumes={name: "/var/lib/registry"},
            network=network,
            restart=restart,
        )
    except PortInUse:
        docker.client.api.remove_volume(name)
        raise PortInUse(
            f"Port {port} of this machine is taken by another program or container.",
            f"Choose another one, such as `port={port + 10}`, and write it in place of {port}.",
        ) from None
    except (WorkbookError, KeyboardInterrupt):
        docker.client.api.remove_volume(name)
        raise


def _make_volume(docker: Docker, name: str, address: str) -> None:
    """A labelled volume; what an earlier container of the workbook's left in one is gone."""
    api = docker.client.api
    line = docker_line("volume", "create", name)
    with translated(line):
        found = api.volumes(filters={"name": f"^{name}$", "label": LESSON})["Volumes"] or []
        if any(volume["Name"] == name for volume in found):
            api.remove_volume(name)
        before = json.dumps(_named(docker.client, address))
        labels = {REGISTRY_LABEL: address, BEFORE_LABEL: before}
        api.create_volume(name, labels={**labels_for(docker.lesson), **labels})
    docker.commands.add(line)


def _joined(docker: Docker, container: Container) -> tuple[str, ...]:
    """The lines for a network on which a cache finds that container by its name.

    What they say is done where it was not yet.
    """
    api = docker.client.api
    create = docker_line("network", "create", NETWORK)
    connect = docker_line("network", "connect", NETWORK, container.name)
    with translated(create):
        if not [one for one in api.networks([NETWORK]) if one["Name"] == NETWORK]:
            api.create_network(NETWORK, labels=labels_for(docker.lesson))
            docker.commands.add(create)
        networks = api.inspect_container(container.id)["NetworkSettings"]["Networks"]
        if NETWORK not in networks:
            api.connect_container_to_network(container.id, NETWORK)
            docker.commands.add(connect)
    return create, connect


def _named(client: DockerClient, address: str) -> list[str]:
    """The names of images that begin with that registry's address."""
    found = [
        name
        for image in client.api.images()
        for name in (image["RepoTags"] or image.get("RepoDigests") or [])
    ]
    return sorted(name for name in found if name.startswith(f"{address}/"))


def _refuse_other_machine(docker: Docker) -> None:
    if not docker.client.api.base_url.startswith(("http+docker://", "http://localhost")):
        raise InvalidInput(
            "The engine is on another machine, and `localhost` would not be the same for both.",
            "Use an engine on this machine for this lesson.",
        )
