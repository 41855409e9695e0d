"""A service, its tasks and the nodes, read from a manager of the swarm."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docker.errors import APIError, NotFound

from helpers.engine.base.answers import translated
from helpers.engine.base.events import clock_of
from helpers.errors import EngineError
from helpers.model.container.snapshot import CONNECTED
from helpers.model.swarm.node import Node
from helpers.model.swarm.rollout import Rollout, rollout_from
from helpers.model.swarm.service import Service
from helpers.model.swarm.task import Task
from helpers.model.swarm.trouble import WORKERS_ONLY, swarm_trouble
from helpers.model.text.answer_parts import text_in
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient

Clients = Callable[[], Sequence["DockerClient"]]


class NoManager(EngineError):
    """None of the engines that were asked is a manager that can answer."""


class SwarmReader:
    """Reads one service from the first of these engines that is a manager and knows it.

    The one that answered last is asked first. Each read raises NoManager, whose message says why.
    """

    def __init__(self, clients: Clients, name: str) -> None:
        self._clients = clients
        self._name = name
        self._last: DockerClient | None = None
        self._ahead_seconds: dict[int, float] = {}

    def read(self, before: Rollout | None = None) -> Rollout:
        """The rollout as it is now; versions that were known stay known."""
        nothing: Rollout | None = None
        trouble = ""
        for client in self._in_order():
            try:
                now = self._read(client, before)
            except EngineError as error:
                words = swarm_trouble(error.answer or error.message, error.message)
                trouble = trouble or (words if words != WORKERS_ONLY else "")
                continue
            if now.service is not None:
                self._last = client
                return now
            nothing = nothing or now
        if nothing is not None and not trouble:
            return nothing
        raise NoManager(trouble or WORKERS_ONLY, command="docker service ps")

    def _in_order(self) -> list[DockerClient]:
        return sorted(self._clients(), key=lambda client: client is not self._last)

    def _read(self, client: DockerClient, before: Rollout | None) -> Rollout:
        api = client.api
        with translated(docker_line("node", "ls")):
            nodes = [Node.from_answer(each) for each in _tables(api.nodes())]
        service, tasks, others = self._service(client), [], []
        if service is None:
            with translated(docker_line("service", "ls")):
                others = [text_in(each, "Spec", "Name") for each in _tables(api.services())]
        else:
            with translated(docker_line("service", "ps", self._name)):
                every = _tables(api.tasks(filters={"service": service.id}))
                tasks = [Task.from_answer(each) for each in every]
        known = before.versions if before and service and _is_same(before, service) else ()
        at = self._now(client)
        now = rollout_from(self._name, service, nodes, tasks, at, known, others)
        return replace(now, contact=CONNECTED)

    def _service(self, client: DockerClient) -> Service | None:
        with translated(docker_line("service", "inspect", self._name)):
            try:
                return Service.from_answer(client.api.inspect_service(self._name))
            except NotFound as error:
                if isinstance(error, APIError) and "swarm" in str(error.explanation).lower():
                    raise
                return None

    def _now(self, client: DockerClient) -> float:
        """The engine's clock, compared with this machine's once."""
        if id(client) not in self._ahead_seconds:
            with translated("docker info"):
                self._ahead_seconds[id(client)] = clock_of(client.info()) - time.time()
        return time.time() + self._ahead_seconds[id(client)]


def _is_same(before: Rollout, service: Service) -> bool:
    return before.service is not None and before.service.id == service.id


def _tables(answer: Any) -> list[dict[str, Any]]:
    return [each for each in answer if isinstance(each, dict)] if isinstance(answer, list) else []
