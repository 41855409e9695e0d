"""`nodes(3)`: the machines of a cluster, each an engine in a container."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.engine.node.node import Node
from helpers.engine.node.nodes import Nodes
from helpers.model.node.node import FIRST_PUBLISHED
from helpers.notebook.session import current_engine
from helpers.views.kit.page import Page, Paged
from helpers.views.node.node_table import node_table


class NotebookNodes(Paged):
    """The nodes that were asked for; shown as they are at that moment."""

    def __init__(self, nodes: Nodes, asked: list[Node]) -> None:
        self._nodes = nodes
        self._asked = asked

    def __iter__(self) -> Iterator[Node]:
        return iter(self._asked)

    def __len__(self) -> int:
        return len(self._asked)

    def page(self) -> Page:
        """A row for each: its state, its engine's version, the port where it is published."""
        names = {node.name for node in self._asked}
        return node_table([facts for facts in self._nodes.facts() if facts.name in names])


def nodes(count: int = 3, *, port: int = FIRST_PUBLISHED) -> NotebookNodes:
    """The nodes node-1, node-2 …, each an engine in a container, on a network `nodes` of their own.

    `%docker -c node-1 …` is typed for one of them. Port 80 of node-1 is 127.0.0.1:4121 of this
    machine, or `port`, that of node-2 the next. Those that are there are started where they need
    it; `engine.clean_up()` takes all away. A Docker context of yours that has such a name stays as
    it is, and is not meant while the node is there.

    Raises InvalidInput, NameInUse, PortInUse, ImageUnavailable, NotReady and Interrupted.
    """
    present = current_engine().nodes
    return NotebookNodes(present, present.up(count, port))
