"""Nodes started, all at once: each is up when its engine answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from docker.errors import DockerException
from requests.exceptions import RequestException

from helpers.engine.base.answers import translated
from helpers.engine.base.engine_context import EngineContext, Ensure
from helpers.engine.node.made import MISSING, make_node, remove_node
from helpers.engine.node.node import Node
from helpers.errors import EngineError, EngineGone, Interrupted, NotReady, PortInUse
from helpers.model.text.command_line import docker_line

# What a client raises of an engine that does not answer.
BROKEN = (EngineGone, DockerException, RequestException, OSError)
_LAST_LINES = 3
_INTERRUPTED = "Run the cell again to go on; `engine.clean_up()` takes away what was made by then."
_NEEDS = (
    "Nodes need an engine that root runs on Linux, or Docker Desktop: `./workbook doctor` says "
    "which one this is."
)


class NodeStart:
    """One start of several nodes; `states` has that of each, MISSING for one to be made."""

    def __init__(self, context: EngineContext, ensure: Ensure, states: Mapping[Node, str]) -> None:
        self._context = context
        self._ensure = ensure
        self._states = states
        self._cancelled = threading.Event()

    def run(self) -> None:
        """Returns when all are up, or raises the first error once all have ended.

        A node that was made in vain is gone then. Raises PortInUse, NotReady, Interrupted or
        EngineError.
        """
        with ThreadPoolExecutor(len(self._states)) as pool:
            runs = [pool.submit(self._up, node, state) for node, state in self._states.items()]
            try:
                for run in runs:
                    run.result()
            except KeyboardInterrupt:
                self._cancelled.set()
                for node in self._states:
                    node.close()
                raise Interrupted("Starting the nodes was interrupted.", _INTERRUPTED) from None

    def _up(self, node: Node, state: str) -> None:
        if state == "running" or self._cancelled.is_set():
            return
        if state == MISSING:
            make_node(self._context, node.name, node.port, self._ensure)
        if self._cancelled.is_set():
            return
        try:
            begin(self._context, node, state, self._taken)
        except EngineError:
            if state == MISSING:
                with suppress(EngineError), translated(docker_line("rm", node.name)):
                    remove_node(self._context, node.name)
            raise
        try:
            node.client.ping()
        except BROKEN:
            node.close()
            if not self._cancelled.is_set():
                raise not_up(self._context, node) from None

    def _taken(self, node: Node) -> tuple[str, str]:
        return (
            f"Port {node.port} of this machine is taken, and {node.name} publishes its port 80 "
            "there.",
            "Stop the program or container that has it, or take others: "
            f"`nodes({len(self._states)}, port={node.port + 20})`.",
        )


def begin(
    context: EngineContext, node: Node, state: str, taken: Callable[[Node], tuple[str, str]]
) -> None:
    """Its container is started, or goes on where it was paused; `taken` words a PortInUse."""
    api = context.client.api
    line = docker_line("unpause" if state == "paused" else "start", node.name)
    try:
        with translated(line):
            (api.unpause if state == "paused" else api.start)(node.name)
    except PortInUse as error:
        raise PortInUse(*taken(node), command=line, answer=error.answer) from None
    context.log.add(line)


def not_up(context: EngineContext, node: Node) -> NotReady:
    """The error for an engine that does not come up, with the last of its log."""
    api, line = context.client.api, docker_line("logs", node.name)
    with translated(line):
        log = api.logs(node.name, tail=_LAST_LINES).decode("utf-8", "replace").strip()
    message = f"The engine of {node.name} did not come up; its last words:"
    return NotReady(message, _NEEDS, excerpt=log)
