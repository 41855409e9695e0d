"""The cluster's container started: it is up when its engine answers."""

from __future__ import annotations

from contextlib import suppress

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext
from helpers.engine.node.made import MISSING, remove_node
from helpers.engine.node.node import Node
from helpers.engine.node.start import BROKEN, begin, not_up
from helpers.errors import EngineError, Interrupted
from helpers.model.kubernetes.container import published
from helpers.model.text.command_line import docker_line

_INTERRUPTED = "Run the cell again to go on; `engine.clean_up()` takes away what was made by then."


def start_container(context: EngineContext, node: Node, state: str) -> None:
    """Returns when it is up; one that was made in vain is gone when this raises.

    Raises PortInUse, NotReady, Interrupted or EngineError.
    """
    try:
        begin(context, node, state, _taken)
    except EngineError:
        if state == MISSING:
            with suppress(EngineError), translated(docker_line("rm", node.name)):
                remove_node(context, node.name)
        raise
    try:
        node.client.ping()
    except KeyboardInterrupt:
        node.close()
        raise Interrupted("Starting the cluster was interrupted.", _INTERRUPTED) from None
    except BROKEN:
        node.close()
        raise not_up(context, node) from None


def _taken(node: Node) -> tuple[str, str]:
    ports = " or ".join(map(str, published(node.port).values()))
    return (
        f"Port {ports} of this machine is taken, and the cluster publishes its Services there.",
        "Stop the program or container that has it, or take others: "
        f"`kubernetes(port={node.port + 20})`.",
    )
