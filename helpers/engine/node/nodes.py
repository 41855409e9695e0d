"""All nodes on the learner's engine: made, started, found again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext, Ensure
from helpers.engine.node.made import (
    MISSING,
    NodeContainer,
    check_names,
    make_network,
    node_containers,
)
from helpers.engine.node.node import Node
from helpers.engine.node.start import NodeStart
from helpers.errors import EngineGone
from helpers.model.image.tool_image import NODE_IMAGE
from helpers.model.node.node import FIRST_PUBLISHED, NodeFacts, checked_port, node_names
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient


class Nodes:
    """The nodes of one engine; `before` is called ahead of each change."""

    def __init__(
        self, context: EngineContext, ensure: Ensure, before: Callable[[], object]
    ) -> None:
        self._context = context
        self._ensure = ensure
        self._before = before
        self._known: dict[tuple[str, int], Node] = {}

    def up(self, count: int, port: int = FIRST_PUBLISHED) -> list[Node]:
        """So many nodes, whose engines answer: new ones, or those that are there, started.

        Port 80 of a new node-1 is published at `port` of this machine, of node-2 at the next.
        Raises InvalidInput, NameInUse, PortInUse, ImageUnavailable, NotReady and Interrupted.
        """
        names, first = node_names(count), checked_port(port, count)
        present = self._present()
        wanted = {
            name: present.get(name, NodeContainer(MISSING, first + position))
            for position, name in enumerate(names)
        }
        states = {self._node(name, item): item.state for name, item in wanted.items()}
        if set(states.values()) == {"running"}:
            return list(states)
        if MISSING in states.values():
            with translated(docker_line("ps", "--all")):
                check_names(self._context, names)
            self._before()
            self._ensure(NODE_IMAGE)
            make_network(self._context)
        NodeStart(self._context, self._ensure, states).run()
        return list(states)

    def all(self) -> list[Node]:
        """Those that are there, running or not, in the order of their names."""
        return [self._node(name, item) for name, item in self._present().items()]

    def running(self) -> list[Node]:
        """Those whose containers run, in the order of their names."""
        present = self._present().items()
        return [self._node(name, item) for name, item in present if item.state == "running"]

    def clients(self) -> list[DockerClient]:
        """A client of the engine of each that runs and answers."""
        clients = []
        for node in self.running():
            with suppress(EngineGone):
                clients.append(node.client)
        return clients

    def at(self, name: str) -> Node | None:
        """The node of that name, running or not; None where the workbook made none."""
        return next((node for node in self.all() if node.name == name), None)

    def facts(self) -> list[NodeFacts]:
        """What a table shows of those that are there."""
        present = {self._node(name, item): item.state for name, item in self._present().items()}
        return [
            NodeFacts(node.name, state, node.version if state == "running" else "", node.port)
            for node, state in present.items()
        ]

    def close(self) -> None:
        """Ends all connections to them."""
        for node in self._known.values():
            node.close()
        self._known.clear()

    def _present(self) -> dict[str, NodeContainer]:
        with translated(docker_line("ps", "--all")):
            return node_containers(self._context.client)

    def _node(self, name: str, item: NodeContainer) -> Node:
        return self._known.setdefault((name, item.port), Node(self._context, name, item.port))
