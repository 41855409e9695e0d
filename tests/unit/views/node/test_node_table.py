"""Nodes as a table."""

from __future__ import annotations

from helpers.model.node.node import NodeFacts
from helpers.views.node.node_table import node_table

FACTS = [
    NodeFacts("node-1", "running", "28.5.2", 4121),
    NodeFacts("node-2", "exited", "", 4122),
]


def test_each_node_is_a_row() -> None:
    lines = repr(node_table(FACTS)).splitlines()
    assert lines[1].split() == ["node-1", "running", "28.5.2", "127.0.0.1:4121"]
    assert lines[2].split() == ["node-2", "exited", "n/a", "127.0.0.1:4122"]


def test_text_of_an_engine_stays_text() -> None:
    page = node_table([NodeFacts("node-1", "running", "<b>1</b>\x1b[2J", 4121)])
    assert "<b>" not in page.html
    assert "\x1b" not in page.text
