"""A pull-through cache in a container on this engine: it keeps copies of one other registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.listed_objects import networks_of
from helpers.engine.base.needed_parts import id_in
from helpers.engine.base.origin_ledger import NETWORKS, asked_for
from helpers.engine.container.launcher import Launcher
from helpers.engine.registry.container import existing, opened, registry_in
from helpers.engine.registry.reachability import REGISTRY, reachability
from helpers.engine.registry.registry import Registry
from helpers.errors import NameInUse, RegistryGone
from helpers.model.text.answer_parts import part_of, texts_of
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from helpers.engine.container.container import Container

CACHE_NAME, CACHE_PORT = "workbook-cache", 5005
FAR_CACHE_NAME, FAR_CACHE_PORT = "workbook-hub-cache", 5006
NETWORK = "workbook-registries"
DOCKER_HUB_URL = REGISTRY
_HUB_HOSTS = ("docker.io", "hub", "index.docker.io", "registry-1.docker.io")
_SOURCE = "REGISTRY_PROXY_REMOTEURL"


def cache(launcher: Launcher, of: Registry | str, port: int | None = None) -> Registry:
    """A pull-through cache of another registry: a Registry on this engine, or an address.

    'docker.io' is Docker Hub. A cache of an address starts again with the engine, until it is
    removed. Raises as `local_registry` does, NameInUse where a cache of another registry is there,
    and RegistryGone where that address is out of reach.
    """
    if isinstance(of, str) or of.container is None:
        return _far_cache(launcher, of if isinstance(of, str) else of.address, port)
    url = f"http://{of.container.name}:5000"
    _refuse_other_source(launcher.context, CACHE_NAME, url)
    lines = _joined(launcher.context, of.container)
    number = CACHE_PORT if port is None else port
    container = opened(launcher, CACHE_NAME, number, {_SOURCE: url}, NETWORK)
    return registry_in(launcher.context, container, lines, of.address)


def is_docker_hub(address: str) -> bool:
    """Whether a cache of that address is one of Docker Hub."""
    return _url(address) == DOCKER_HUB_URL


def _far_cache(launcher: Launcher, address: str, port: int | None) -> Registry:
    """A cache of a registry elsewhere, which would not even start while that is out of reach."""
    url = _url(address)
    _refuse_other_source(launcher.context, FAR_CACHE_NAME, url)
    answer = reachability(url)
    if not answer.is_reachable:
        raise RegistryGone(
            f"There is nothing to keep copies of: {answer.observed}.",
            "Try again where that registry is reached, or carry a bundle (`./workbook bundle`).",
        )
    number = FAR_CACHE_PORT if port is None else port
    container = opened(launcher, FAR_CACHE_NAME, number, {_SOURCE: url}, restart="unless-stopped")
    return registry_in(launcher.context, container, cache_of=url)


def _url(address: str) -> str:
    """Where a cache of that address asks, as in 'https://ghcr.io'."""
    scheme, _, host = address.strip().rstrip("/").rpartition("://")
    is_hub = scheme in ("", "https") and host in _HUB_HOSTS
    return DOCKER_HUB_URL if is_hub else f"{scheme or 'https'}://{host}"


def _refuse_other_source(context: EngineContext, name: str, wanted: str) -> None:
    """Raises NameInUse where the cache of that name is there, and one of another registry."""
    container = existing(context, name)
    source = _source(context, container) if container else wanted
    if _url(source) != wanted:
        other = "Docker Hub" if is_docker_hub(source) else source.removeprefix("https://")
        line = "./workbook cache stop" if name == FAR_CACHE_NAME else docker_line("rm", "-f", name)
        raise NameInUse(
            f"{name} is there already, and is a cache of {other or 'nothing'}.",
            f"Remove it first, with all that it keeps: `{line}`.",
        )


def _source(context: EngineContext, container: Container) -> str:
    """The address of the registry that a container keeps copies of; empty where it is no cache."""
    with translated(docker_line("inspect", container.name)):
        lines = texts_of(context.client.api.inspect_container(container.id), "Config", "Env")
    settings = {name: value for name, _, value in (line.partition("=") for line in lines)}
    return settings.get(_SOURCE, "")


def _joined(context: EngineContext, container: Container) -> tuple[str, ...]:
    """The lines for a network on which a cache finds that container by its name.

    What they say is done where it was not yet.
    """
    api = context.client.api
    create = docker_line("network", "create", NETWORK)
    connect = docker_line("network", "connect", NETWORK, container.name)
    with translated(create):
        if NETWORK not in [each.name for each in networks_of(api, names=[NETWORK])]:
            note = asked_for(context.client, context.lesson, NETWORKS, name=NETWORK)
            note.made(id_in(api.create_network(NETWORK, labels=note.labels), create))
            context.log.add(create)
        inspected = api.inspect_container(container.id)
        if NETWORK not in part_of(inspected, "NetworkSettings", "Networks"):
            api.connect_container_to_network(container.id, NETWORK)
            context.log.add(connect)
    return create, connect
