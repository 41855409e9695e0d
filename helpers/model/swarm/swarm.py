"""A whole swarm at one moment: its nodes, its services and their tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpers.model.swarm.node import Node
from helpers.model.swarm.service import Service
from helpers.model.swarm.task import Phase, Task


@dataclass(frozen=True)
class Swarm:
    """Nodes and services by name, and all tasks that a manager knows, ended ones included."""

    nodes: Mapping[str, Node]
    services: Mapping[str, Service]
    tasks: tuple[Task, ...] = ()

    def tasks_of(self, service: str) -> list[Task]:
        """Those of the service of that name, [] where there is none."""
        known = self.services.get(service)
        return [task for task in self.tasks if known and task.service == known.id]

    def running(self, service: str) -> list[Task]:
        """Those of them that run, and are to."""
        return [task for task in self.tasks_of(service) if self.phase(task) is Phase.RUNNING]

    def phase(self, task: Task) -> Phase:
        """Where a task is; of one on a node that is down nobody knows."""
        down = {node.id for node in self.nodes.values() if node.is_down}
        return task.phase(task.node in down)

    def node_name(self, task: Task) -> str:
        """The name of the node that it is on; '' for one that has none."""
        return next((node.name for node in self.nodes.values() if node.id == task.node), "")
