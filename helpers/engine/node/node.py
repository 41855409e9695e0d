"""One node: a container with an engine in it, and what leads to that engine."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from docker.errors import DockerException
from requests.exceptions import RequestException

from helpers.engine.base.engine_context import EngineContext
from helpers.engine.base.sdk import asked, local_client, url_of
from helpers.engine.command.client_program import client_environment, client_program
from helpers.engine.node.road import NodeRoad
from helpers.errors import EngineGone, InvalidInput
from helpers.model.node.node import DIAL
from helpers.model.text.command_line import docker_line

if TYPE_CHECKING:
    from docker import DockerClient

_ANSWER_SECONDS = 60.0
_BROKEN = (DockerException, RequestException, OSError)


class Node:
    """The node of that name; its road and its client are made when they are first used.

    `port` is that of this machine at which its port 80 is published.
    """

    def __init__(self, context: EngineContext, name: str, port: int) -> None:
        self.name = name
        self.port = port
        self._context = context
        self._lock = threading.Lock()
        self._road: NodeRoad | None = None
        self._client: DockerClient | None = None
        self._version = ""

    def __repr__(self) -> str:
        return f"<Node {self.name}>"

    @property
    def host(self) -> str:
        """The address of its engine, as in DOCKER_HOST, for programs of this user.

        Raises InvalidInput where this machine has no such sockets (Windows).
        """
        with self._lock:
            return self._opened().host

    @property
    def client(self) -> DockerClient:
        """A client of its engine, which waits for a node that has just been started.

        Raises EngineGone where none answers.
        """
        with self._lock:
            if self._client is None:
                host = self._opened().host
                try:
                    self._client = local_client(host, _ANSWER_SECONDS)
                except _BROKEN:
                    raise EngineGone(
                        f"The engine of {self.name} does not answer.",
                        f"See whether it runs (`%docker ps --all`): {_start_line(self.name)}.",
                        command=docker_line("-c", self.name, "version"),
                    ) from None
            return self._client

    @property
    def version(self) -> str:
        """Its engine's, such as '28.5.2'; empty where that was never heard."""
        if not self._version:
            with suppress(EngineGone, *_BROKEN):
                self._version = _version_of(self.client)
        return self._version

    def close(self) -> None:
        """Ends its connections; they are made anew when they are used again."""
        road, client = self._road, self._client
        self._road = self._client = None
        if road:
            road.close()
        if client:
            client.close()

    def _opened(self) -> NodeRoad:
        if self._road is None:
            words = [client_program(), "exec", "--interactive", self.name, *DIAL]
            try:
                self._road = NodeRoad(words, client_environment(self._context.endpoint))
            except (OSError, AttributeError):
                raise InvalidInput(
                    f"This machine has no socket by which {self.name} could be reached.",
                    f"Type it in the node: `%docker exec {self.name} docker …`.",
                ) from None
        return self._road


def _version_of(client: DockerClient) -> str:
    """The version in the head of its answers: `/version` would start three programs in the node."""
    with asked(client, url_of(client, "/_ping")) as answer:
        answer.raw.read()  # to its end, so that the connection is kept
        return answer.headers.get("Server", "").partition("/")[2].partition(" ")[0]


def _start_line(name: str) -> str:
    return f"`%docker start {name}` starts it"
