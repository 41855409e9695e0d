"""What nodes are made of on the learner's engine: a network, and for each a volume and a container.

All of it is noted for clean-up before it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from docker.errors import ImageNotFound
from docker.types import IPAMConfig, IPAMPool

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext, Ensure
from helpers.engine.base.listed_objects import containers_of, networks_of, volumes_of
from helpers.engine.base.needed_parts import id_in, needed_rows, needed_text
from helpers.engine.base.origin import own_objects
from helpers.engine.base.origin_ledger import (
    CONTAINERS,
    NETWORKS,
    VOLUMES,
    asked_for,
    engine_id,
    noted_objects,
)
from helpers.errors import NameInUse
from helpers.model.image.tool_image import NODE_IMAGE
from helpers.model.node.node import (
    ADDED_CAPS,
    DATA_ROOT,
    NETWORK,
    PORT,
    RUN_FOLDER,
    UNCONFINED,
    VARIABLES,
    address_in,
    daemon_options,
    entrypoint,
    is_node_name,
)
from helpers.model.text.answer_parts import text_in, texts_of
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient

# Its value is the port of this machine at which the node is published.
NODE_LABEL = "workbook.node"
MISSING = "missing"
_STEPS = {CONTAINERS: ("rm", "--force"), NETWORKS: ("network", "rm"), VOLUMES: ("volume", "rm")}


class NodeContainer(NamedTuple):
    """A node that is there: its container's state, and the port where it is published."""

    state: str
    port: int


def node_containers(client: DockerClient) -> dict[str, NodeContainer]:
    """{name: what it is} of those that the workbook made on that engine, in whatever session."""
    command = "docker ps"
    rows = client.api.containers(all=True, filters={"label": [NODE_LABEL]})
    items = needed_rows(rows, command)
    if not items:
        return {}
    notes = [note for note in noted_objects(engine_id(client)) if note.kind == CONTAINERS]
    own = own_objects(client, notes)[CONTAINERS]
    nodes = {}
    for item in items:
        name = next(iter(texts_of(item, "Names")), "").removeprefix("/")
        port = text_in(item, "Labels", NODE_LABEL)
        # A container inherits the labels of its image, and that may be a node's.
        if id_in(item, command) in own and is_node_name(name) and port.isdecimal():
            nodes[name] = NodeContainer(text_in(item, "State"), int(port))
    return dict(sorted(nodes.items()))


def check_names(context: EngineContext, names: Sequence[str]) -> None:
    """Raises NameInUse where one of these, or the network's, is somebody else's."""
    client = context.client
    own = own_objects(client, noted_objects(engine_id(client)))
    ours = {
        CONTAINERS: set(node_containers(client)),
        NETWORKS: {name for name, _ in own[NETWORKS].values()},
        VOLUMES: set(own[VOLUMES]),
    }
    for kind, there in present_names(client).items():
        wanted = (NETWORK,) if kind == NETWORKS else names
        for name in wanted:
            if name in there and name not in ours[kind]:
                raise taken(kind, name, "no node's")


def taken(kind: str, name: str, whose: str) -> NameInUse:
    """The error for a name that something of somebody else's has."""
    return NameInUse(
        f"There is a {kind[:-1]} named {name!r} already, and it is {whose}.",
        f"Remove it if it is yours and not needed: `%{docker_line(*_STEPS[kind], name)}`.",
    )


def make_network(context: EngineContext) -> None:
    """The nodes' network, unless it is there; with a subnet that the engine has free.

    Only in a network whose subnet was asked for can containers have addresses of their own. So the
    engine makes one of its choice first.
    """
    client, line = context.client, docker_line("network", "create", NETWORK)
    with translated(line):
        if NETWORK in present_names(client)[NETWORKS]:
            return
        first = _network(context)
        subnet = _subnet(client)
        client.api.remove_network(first)
        _network(context, IPAMConfig(pool_configs=[IPAMPool(subnet=subnet)]))
    context.log.add(line)


def make_node(context: EngineContext, name: str, port: int, ensure: Ensure) -> None:
    """A container with an engine in it, not started, and its volume."""
    create_with_volume(context, name, NODE_IMAGE, ensure, lambda: _create(context, name, port))


def create_with_volume(
    context: EngineContext, name: str, image: str, ensure: Ensure, create: Callable[[], None]
) -> None:
    """Calls `create` for a container of that name and image, once its volume is there."""
    client, line = context.client, docker_line("create", "--name", name, image)
    with translated(line):
        if name not in present_names(client)[VOLUMES]:
            note = asked_for(client, context.lesson, VOLUMES, name=name)
            client.api.create_volume(name, labels=note.labels)
            note.made(name)
        try:
            create()
        except ImageNotFound:
            ensure(image)
            create()
    context.log.add(line)


def remove_node(context: EngineContext, name: str) -> None:
    """Takes away a node that was made in vain, with its volume."""
    context.client.api.remove_container(name, v=True, force=True)
    context.client.api.remove_volume(name)


def _network(context: EngineContext, addresses: IPAMConfig | None = None) -> str:
    note = asked_for(context.client, context.lesson, NETWORKS, name=NETWORK)
    made = context.client.api.create_network(
        NETWORK, driver="bridge", labels=note.labels, ipam=addresses
    )
    identity = id_in(made, "docker network create")
    note.made(identity)
    return identity


def _subnet(client: DockerClient) -> str:
    """The nodes' subnet in the first generation of addresses, such as '172.18.0.0/16'."""
    line = docker_line("network", "inspect", NETWORK)
    pools = needed_rows(client.api.inspect_network(NETWORK), line, "IPAM", "Config")
    subnets = [needed_text(pool, line, "Subnet") for pool in pools]
    return next(subnet for subnet in subnets if ":" not in subnet)


def _create(context: EngineContext, name: str, port: int) -> None:
    api = context.client.api
    address = address_in(_subnet(context.client), name)
    note = asked_for(context.client, context.lesson, CONTAINERS, name=name, image=NODE_IMAGE)
    made = api.create_container(
        NODE_IMAGE,
        daemon_options(),
        name=name,
        hostname=name,
        entrypoint=entrypoint(),
        environment=VARIABLES,
        ports=[(PORT, "tcp")],
        volumes=[DATA_ROOT],
        labels={**note.labels, NODE_LABEL: str(port)},
        host_config=api.create_host_config(**_host_settings(name, port)),
        networking_config=api.create_networking_config(
            {NETWORK: api.create_endpoint_config(ipv4_address=address)}
        ),
    )
    note.made(id_in(made, "docker create"))


def _host_settings(name: str, port: int) -> dict[str, Any]:
    return {
        "network_mode": NETWORK,
        "port_bindings": {f"{PORT}/tcp": ("127.0.0.1", port)},
        "binds": [f"{name}:{DATA_ROOT}"],
        "tmpfs": RUN_FOLDER,
        "cap_add": list(ADDED_CAPS),
        "security_opt": list(UNCONFINED),
    }


def present_names(client: DockerClient) -> dict[str, set[str]]:
    """The names of all that there is, by kind."""
    api = client.api
    return {
        CONTAINERS: {name for item in containers_of(api, all=True) for name in item.names},
        NETWORKS: {item.name for item in networks_of(api)},
        VOLUMES: {item.name for item in volumes_of(api)},
    }
