"""The nodes of a cluster as a table."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.model.node.node import PORT, NodeFacts
from helpers.views.kit.page import Page, table

HEADERS = ("node", "state", "engine", f"its port {PORT} on this machine")


def node_table(nodes: Iterable[NodeFacts]) -> Page:
    """One row for each node."""
    rows = [
        (node.name, node.state, node.version or "n/a", f"127.0.0.1:{node.port}") for node in nodes
    ]
    return table(HEADERS, rows)
