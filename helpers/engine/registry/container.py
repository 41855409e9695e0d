"""The registry in a container on this engine, or a new one with a volume of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.listed_objects import volumes_of
from helpers.engine.base.origin import is_own_container, is_own_volume
from helpers.engine.base.origin_ledger import VOLUMES, asked_for
from helpers.engine.base.sdk import is_here
from helpers.engine.container.launcher import Launcher, existing_container
from helpers.engine.registry.registry import Registry
from helpers.engine.registry.volume import images_at, remove_volume
from helpers.errors import (
    InvalidInput,
    NameInUse,
    NoSuchContainer,
    PortInUse,
    WorkbookError,
)
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient

    from helpers.engine.container.container import Container

IMAGE = "registry:3"
NAME, PORT = "workbook-registry", 5004
_READY_SECONDS = 30


def local_registry(launcher: Launcher, port: int = PORT) -> Registry:
    """The workbook's registry on localhost; the one that is there, or a new, empty one.

    Raises NameInUse where another's container has its name, PortInUse, ImageUnavailable, NotReady.
    """
    settings = {"REGISTRY_STORAGE_DELETE_ENABLED": "true"}
    return registry_in(launcher.context, opened(launcher, NAME, port, settings))


def running_registry(context: EngineContext, name: str = NAME) -> Registry | None:
    """The workbook's registry, if it runs; nothing is started or waited for."""
    container = _own(context, name)
    runs = container is not None and container.status == "running"
    return registry_in(context, container) if container and runs else None


def remove_registry(context: EngineContext, name: str) -> bool:
    """Whether the workbook's container of that name, in whatever state, or its volume was there.

    Both are gone now; what is somebody else's stays.
    """
    container = _own(context, name)
    if container:
        container.remove(force=True)
    return remove_volume(context, name) or container is not None


def opened(
    launcher: Launcher,
    name: str,
    port: int,
    settings: dict[str, str],
    network: str | None = None,
    restart: str | None = None,
) -> Container:
    """The workbook's container of that name, which answers: as it is, or new with these settings.

    Raises as `local_registry` does.
    """
    context = launcher.context
    _refuse_other_machine(context)
    container = existing(context, name)
    if container is None:
        container = _started(launcher, name, port, settings, network, restart)
    elif container.status != "running":
        container.start()
    container.wait_until_ready("/v2/", port=5000, seconds=_READY_SECONDS)
    return container


def registry_in(
    context: EngineContext,
    container: Container,
    prepared_by: tuple[str, ...] = (),
    cache_of: str = "",
) -> Registry:
    """The registry that a container runs: see Registry for what the last two are."""
    number = container.url(5000).rstrip("/").rpartition(":")[2]
    return Registry(context, f"localhost:{number}", container, prepared_by, cache_of)


def existing(context: EngineContext, name: str) -> Container | None:
    """The workbook's container of that name; raises NameInUse where it is somebody else's."""
    try:
        container = existing_container(context, name)
    except NoSuchContainer:
        return None
    if not is_own_container(context.client, container.id):
        raise NameInUse(
            f"There is a container named {name!r} already, and the workbook did not make it.",
            "Rename it (`docker rename`), or remove it if it is yours and not needed.",
        )
    return container


def _own(context: EngineContext, name: str) -> Container | None:
    """The workbook's container of that name; none where it is somebody else's."""
    try:
        return existing(context, name)
    except NameInUse:
        return None


def _started(
    launcher: Launcher,
    name: str,
    port: int,
    settings: dict[str, str],
    network: str | None,
    restart: str | None,
) -> Container:
    context = launcher.context
    launcher.ensure(IMAGE)
    _make_volume(context, name, f"localhost:{port}")
    try:
        return launcher.run(
            IMAGE,
            name=name,
            ports={5000: f"127.0.0.1:{port}"},
            environment=settings,
            volumes={name: "/var/lib/registry"},
            network=network,
            restart=restart,
        )
    except PortInUse:
        context.client.api.remove_volume(name)
        raise PortInUse(
            f"Port {port} of this machine is taken by another program or container.",
            f"Choose another one, such as `port={port + 10}`, and write it in place of {port}.",
        ) from None
    except (WorkbookError, KeyboardInterrupt):
        context.client.api.remove_volume(name)
        raise


def _make_volume(context: EngineContext, name: str, address: str) -> None:
    """A volume of our own; what an earlier container of the workbook's left in one is gone.

    Raises NameInUse where there is one that the workbook did not make.
    """
    client, line = context.client, docker_line("volume", "create", name)
    with translated(line):
        if is_own_volume(client, name):
            client.api.remove_volume(name)
        elif _is_there(client, name):
            raise NameInUse(
                f"There is a volume named {name!r} already, and the workbook did not make it.",
                f"Remove it if it is yours and not needed: `{docker_line('volume', 'rm', name)}`.",
            )
        before = tuple(images_at(client, address))
        note = asked_for(client, context.lesson, VOLUMES, name=name, address=address, before=before)
        client.api.create_volume(name, labels=note.labels)
        note.made(name)
    context.log.add(line)


def _is_there(client: DockerClient, name: str) -> bool:
    volumes = volumes_of(client.api, filters={"name": f"^{name}$"})
    return any(volume.name == name for volume in volumes)


def _refuse_other_machine(context: EngineContext) -> None:
    if not is_here(context.client):
        raise InvalidInput(
            "The engine is on another machine, and `localhost` would not be the same for both.",
            "Use an engine on this machine for this lesson.",
        )
