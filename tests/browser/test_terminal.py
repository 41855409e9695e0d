"""JupyterLab's terminal: the docker command and engine of the cells, and exercises solved in it.

What a terminal of the page types and shows goes over the same connection as here.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
from docker.errors import NotFound
from websocket import WebSocket, WebSocketTimeoutException, create_connection

from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.exercises import all_coursework
from helpers.launcher.jupyter_server import JupyterServer
from helpers.model.course.exercise import Outcome
from tests.browser.lesson_page import call_server

pytestmark = [pytest.mark.engine, pytest.mark.browser]

EXERCISES = {exercise.number: exercise for work in all_coursework() for exercise in work.exercises}
SOLVED = {
    "00.1": ["docker run -d --name greeter busybox:1.37 sleep 600"],
    "02.2": [
        "docker run -d --name phoenix --restart on-failure busybox:1.37 sh -c 'sleep 1; exit 1'",
    ],
    "02.3": [
        "docker run -d --init --name quick busybox:1.37 sleep 600",
        "docker stop quick",
    ],
}
WAIT_SECONDS = 60


class Terminal:
    """A shell in the server's terminal: a line in, what it shows until the next prompt."""

    def __init__(self, server: JupyterServer) -> None:
        self.name = str(json.loads(call_server(server, "POST", "api/terminals", b"{}"))["name"])
        address = server.wait_until_ready().replace("http://", "ws://", 1)
        self._socket: WebSocket = create_connection(
            f"{address}terminals/websocket/{self.name}",
            header=[f"Authorization: token {server.token}"],
            timeout=1,
        )

    def type(self, line: str) -> tuple[str, int]:
        """What the line showed, and its exit code."""
        self._socket.send(json.dumps(["stdin", f"{line}; echo END-$?-OF-IT\r"]))
        shown, end = "", time.monotonic() + WAIT_SECONDS
        while not (over := re.search(r"END-(\d+)-OF-IT", shown)):
            assert time.monotonic() < end, shown
            with suppress(WebSocketTimeoutException):
                kind, *text = json.loads(self._socket.recv())
                shown += "".join(text) if kind == "stdout" else ""
        return shown, int(over[1])

    def close(self) -> None:
        """Nobody listens any more."""
        self._socket.close()


@pytest.fixture
def terminal(lab: JupyterServer) -> Iterator[Terminal]:
    """A terminal, ended afterwards."""
    terminal = Terminal(lab)
    with closing(terminal):
        yield terminal
    call_server(lab, "DELETE", f"api/terminals/{terminal.name}")


@pytest.fixture
def docker() -> Iterator[Docker]:
    """The engine that the cells have."""
    client, endpoint = find_client()
    yield Docker(client, endpoint, "tests")
    client.close()


def test_the_terminal_speaks_to_the_engine_of_the_cells(terminal: Terminal, docker: Docker) -> None:
    shown, code = terminal.type("docker info --format '{{.ID}} {{.ServerVersion}}'")
    assert code == 0
    assert f"{docker.info['ID']} {docker.info['ServerVersion']}" in shown
    shown, code = terminal.type("command -v docker")
    assert str(shutil.which("docker")) in shown.split(), "a login shell would have another PATH"
    shown, code = terminal.type("docker buildx version && docker compose version")
    assert code == 0, shown


@pytest.mark.parametrize("number", SOLVED)
def test_an_exercise_is_solved_in_the_terminal(
    terminal: Terminal, docker: Docker, number: str
) -> None:
    exercise = EXERCISES[number]
    assert exercise.check(docker).outcome is Outcome.NOT_STARTED
    try:
        for line in SOLVED[number]:
            shown, code = terminal.type(line)
            assert code == 0, shown
        end = time.monotonic() + WAIT_SECONDS
        while (finding := exercise.check(docker)).outcome is not Outcome.PASSED:
            assert time.monotonic() < end, finding
            time.sleep(0.2)
    finally:
        for name in exercise.names:
            with suppress(NotFound):
                docker.client.api.remove_container(name, force=True)
