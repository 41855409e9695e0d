"""What a cluster is made of on the learner's engine: a volume and a container.

Both are noted for clean-up before they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docker.errors import NotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext, Ensure
from helpers.engine.base.needed_parts import id_in, needed_text
from helpers.engine.base.origin import is_own_container, own_names
from helpers.engine.base.origin_ledger import CONTAINERS, VOLUMES, asked_for
from helpers.engine.node.made import MISSING, create_with_volume, present_names, taken
from helpers.model.image.tool_image import KUBERNETES_IMAGE
from helpers.model.kubernetes.container import NAME, daemon_options, published
from helpers.model.node.node import (
    ADDED_CAPS,
    DATA_ROOT,
    RUN_FOLDER,
    UNCONFINED,
    VARIABLES,
    entrypoint,
)
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient


def container_state(client: DockerClient) -> str:
    """That of the cluster's container, such as 'running'; MISSING where the workbook made none."""
    line = docker_line("inspect", NAME)
    with translated(line):
        try:
            inspected = client.api.inspect_container(NAME)
        except NotFound:
            return MISSING
    if not is_own_container(client, id_in(inspected, line)):
        return MISSING
    return needed_text(inspected, line, "State", "Status")


def make_container(context: EngineContext, ensure: Ensure, port: int) -> None:
    """The container, not started, and its volume; raises NameInUse where its name is taken.

    `port` is the first of those of this machine that it publishes.
    """
    client = context.client
    with translated(docker_line("ps", "--all")):
        there = present_names(client)
        for kind in (CONTAINERS, VOLUMES):
            if NAME in there[kind] and NAME not in own_names(client, kind):
                raise taken(kind, NAME, "no cluster's")
    create_with_volume(context, NAME, KUBERNETES_IMAGE, ensure, lambda: _create(context, port))


def _create(context: EngineContext, port: int) -> None:
    api, ports = context.client.api, published(port)
    note = asked_for(context.client, context.lesson, CONTAINERS, name=NAME, image=KUBERNETES_IMAGE)
    made = api.create_container(
        KUBERNETES_IMAGE,
        daemon_options(),
        name=NAME,
        hostname=NAME,
        entrypoint=entrypoint(),
        environment=VARIABLES,
        ports=[(inside, "tcp") for inside in ports],
        volumes=[DATA_ROOT],
        labels=note.labels,
        host_config=api.create_host_config(
            port_bindings={f"{inside}/tcp": ("127.0.0.1", port) for inside, port in ports.items()},
            binds=[f"{NAME}:{DATA_ROOT}"],
            tmpfs=RUN_FOLDER,
            cap_add=list(ADDED_CAPS),
            security_opt=list(UNCONFINED),
        ),
    )
    note.made(id_in(made, "docker create"))
