"""A swarm as one of its managers tells it, and what its services have logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docker.errors import NotFound

from helpers.engine.base.answers import translated
from helpers.model.swarm.node import Node
from helpers.model.swarm.service import Service
from helpers.model.swarm.swarm import Swarm
from helpers.model.swarm.task import Task
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient


class Manager:
    """The engine of a node that may be a manager; each call raises EngineError where it is none."""

    def __init__(self, client: DockerClient) -> None:
        self._api = client.api

    def swarm(self) -> Swarm:
        """The swarm as it is now."""
        with translated(docker_line("node", "ls")):
            nodes = [Node.from_answer(each) for each in self._api.nodes()]
        with translated(docker_line("service", "ls")):
            services = [Service.from_answer(each) for each in self._api.services()]
            tasks = tuple(Task.from_answer(each) for each in self._api.tasks())
        by_name = {service.name: service for service in services}
        return Swarm({node.name: node for node in nodes}, by_name, tasks)

    def log(self, service: str, since: float) -> str:
        """What its tasks wrote to stdout since then, a line each with the engine's time in front.

        `since` is in seconds since 1970. '' where there is no such service.
        """
        with translated(docker_line("service", "logs", service)):
            try:
                pieces = self._api.service_logs(
                    service, stdout=True, since=int(since), timestamps=True
                )
                return b"".join(pieces).decode("utf-8", "replace")
            except NotFound:
                return ""
