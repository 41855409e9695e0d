"""What stands on which shelf: the nodes with their tasks, and those tasks that are on none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from helpers.model.swarm.node import Node
from helpers.model.swarm.rollout import Rollout, Seen
from helpers.views.kit.strokes import LOOKS
from helpers.views.swarm import words


@dataclass(frozen=True)
class Shelf:
    """One node with its tasks; `state` is ready, down and the like, or none for no node."""

    id: str
    name: str
    facts: str
    state: str
    availability: str
    tasks: tuple[Seen, ...]


def shelves_of(now: Rollout) -> list[Shelf]:
    """A shelf for each node, for each that is gone and still has tasks, and for none."""
    known = {node.id for node in now.nodes}
    gone = dict.fromkeys(each.task.node for each in now.seen if each.task.node not in known)
    rest = (each for each in gone if each)
    left = [Node(each, each[:12], "gone", "active") for each in rest]
    shelves = list(_cut(now, [*now.nodes[: words.MOST_NODES], *left[: words.MOST_NODES]]))
    if nowhere := now.on("")[: words.MOST_TASKS]:
        shelves.append(Shelf("", words.NOWHERE, "", "none", "", nowhere))
    return shelves


def look_of(now: Rollout, label: str) -> int:
    """Which of the looks of versions that one has: by its position among them."""
    labels = labels_of(now)
    return labels.index(label) % LOOKS


def labels_of(now: Rollout) -> list[str]:
    """The versions in the order in which they came up, each once."""
    return list(dict.fromkeys(each.label for each in now.versions))


def _cut(now: Rollout, nodes: list[Node]) -> Iterator[Shelf]:
    left = words.MOST_TASKS
    for node in nodes:
        tasks = now.on(node.id)[:left]
        left -= len(tasks)
        facts = words.node_line(node)
        yield Shelf(node.id, node.name, facts, node.state, node.availability, tasks)
