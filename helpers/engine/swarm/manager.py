"""A node's engine that may manage a swarm: what it tells of nodes, services, tasks and logs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from docker.errors import NotFound
from requests.exceptions import RequestException

from helpers.engine.base.answers import took_too_long, translated
from helpers.engine.base.events import clock_of
from helpers.engine.base.sdk import asked, refuse_failure, url_of
from helpers.errors import EngineError
from helpers.model.swarm.node import Node
from helpers.model.swarm.service import Service
from helpers.model.swarm.swarm import Swarm
from helpers.model.swarm.task import Task
from helpers.model.swarm.trouble import TOO_LATE, WORKERS_ONLY
from helpers.model.text.answer_parts import tables_of
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient

ANSWER_SECONDS = 3.0  # one without a leader would be silent for twenty
_LINE = docker_line("node", "ls")


class NoManager(EngineError):
    """An engine that was asked is no manager that can answer."""


class Manager:
    """The engine of a node that may be a manager.

    Each call raises NoManager where it is none, or not in time, and EngineError otherwise.
    """

    def __init__(self, client: DockerClient) -> None:
        self._client = client
        self._ahead_seconds: float | None = None

    def nodes(self) -> list[Node]:
        """All nodes of its swarm."""
        with _in_time():
            try:
                return [Node.from_answer(each) for each in self._tables("/nodes")]
            except NotFound:  # Podman, which has no swarms
                raise NoManager(WORKERS_ONLY) from None

    def services(self) -> list[Service]:
        """All services of its swarm."""
        with _in_time():
            return [Service.from_answer(each) for each in self._tables("/services")]

    def service(self, name: str) -> Service | None:
        """The service of that name; None where there is none."""
        with _in_time():
            try:
                return Service.from_answer(self._answer("/services/{0}", name))
            except NotFound:
                return None

    def tasks(self, service: Service | None = None) -> list[Task]:
        """Those of a service, or of all, ended ones included."""
        query = {"filters": json.dumps({"service": [service.id]})} if service else {}
        with _in_time():
            return [Task.from_answer(each) for each in self._tables("/tasks", **query)]

    def swarm(self) -> Swarm:
        """The swarm as it is now."""
        nodes = {node.name: node for node in self.nodes()}
        services = {service.name: service for service in self.services()}
        return Swarm(nodes, services, tuple(self.tasks()))

    def now(self) -> float:
        """Its clock, in seconds since 1970; compared with this machine's once."""
        if self._ahead_seconds is None:
            with _in_time():
                self._ahead_seconds = clock_of(self._answer("/info")) - time.time()
        return time.time() + self._ahead_seconds

    def log(self, service: str, since: float) -> str:
        """What its tasks wrote to stdout since then, a line each with the engine's time in front.

        `since` is in seconds since 1970. '' where there is no such service.
        """
        with translated(docker_line("service", "logs", service)):
            try:
                pieces = self._client.api.service_logs(
                    service, stdout=True, since=int(since), timestamps=True
                )
                return b"".join(pieces).decode("utf-8", "replace")
            except NotFound:
                return ""

    def _answer(self, path: str, *words: str, **query: str) -> Any:
        url = url_of(self._client, path, *words)
        with closing(asked(self._client, url, params=query, timeout=ANSWER_SECONDS)) as answer:
            refuse_failure(self._client, answer)
            return answer.json()

    def _tables(self, path: str, **query: str) -> list[Mapping[str, Any]]:
        return tables_of({"": self._answer(path, **query)}, "")


@contextmanager
def _in_time() -> Iterator[None]:
    with translated(_LINE):
        try:
            yield
        except RequestException as error:
            if took_too_long(error):
                raise NoManager(TOO_LATE) from None
            raise
