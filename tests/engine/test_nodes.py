"""Engines in containers: up, spoken to by name, killed and started, and gone without a trace."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.command.client_process import Piece
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
from helpers.errors import CommandFailed, Interrupted, NameInUse, NotReady, PortInUse
from helpers.model.command.cell_words import cell_words
from helpers.model.image.tool_image import NODE_IMAGE
from helpers.model.node.node import daemon_options
from helpers.model.text.output import Output
from helpers.notebook.nodes import NotebookNodes
from tests.engine.conftest import BUSYBOX
from tests.engine.far_engine import far_engine
from tests.engine.labelled import remove_labelled

pytestmark = pytest.mark.engine
LESSON, PORT = "tests-nodes", 4291
UP_SECONDS, AT_ONCE_SECONDS = 20.0, 2.0


def typed(docker: Docker, line: str) -> str:
    """What that line prints, typed in a cell."""
    output = docker.typed.run(cell_words(line), None, lambda piece: None)
    assert isinstance(output, Output)
    return output.strip()


def traces(docker: Docker) -> dict[str, Any]:
    """What nodes could leave on the engine, and of sockets in the folder for what is temporary."""
    api = docker.client.api
    return {
        "containers": sorted(item["Id"] for item in api.containers(all=True)),
        "networks": sorted(item["Name"] for item in api.networks()),
        "volumes": sorted(item["Name"] for item in api.volumes()["Volumes"] or []),
        "sockets": sorted(map(str, Path(tempfile.gettempdir()).glob("workbook-*"))),
    }


def remains_of(identities: list[str]) -> list[str]:
    """Mounts and control groups of this machine that have such an id in their names."""
    mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    groups = map(str, Path("/sys/fs/cgroup").rglob("*/"))
    return [line for line in (*mounts, *groups) if any(one in line for one in identities)]


@pytest.fixture(scope="module")
def empty(
    endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Docker, dict[str, Any]]]:
    """An engine without nodes, and what is on it; afterwards nothing else is."""
    client, _ = find_client([endpoint])
    docker = Docker(client, endpoint, LESSON)
    remove_labelled(client, LESSON)
    docker._ensure(NODE_IMAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("s")))
        yield docker, traces(docker)
        docker.clean_up()
    remove_labelled(client, LESSON)
    client.close()


@pytest.fixture(scope="module")
def docker(empty: tuple[Docker, dict[str, Any]]) -> Docker:
    """An engine with three nodes, the first two of which are a swarm."""
    docker, _ = empty
    started = time.monotonic()
    docker.nodes.up(3, PORT)
    assert time.monotonic() - started < UP_SECONDS
    typed(docker, "-c node-1 swarm init --advertise-addr eth0")
    token = typed(docker, "-c node-1 swarm join-token -q worker")
    typed(docker, f"-c node-2 swarm join --token {token} node-1:2377")
    return docker


def test_three_are_shown_and_the_second_time_is_at_once(docker: Docker) -> None:
    started = time.monotonic()
    shown = NotebookNodes(docker.nodes, docker.nodes.up(3, PORT))
    assert time.monotonic() - started < AT_ONCE_SECONDS
    assert [node.name for node in shown] == ["node-1", "node-2", "node-3"]
    assert [(fact.state, fact.port) for fact in docker.nodes.facts()] == [
        ("running", PORT + number) for number in range(3)
    ]
    version = typed(docker, "-c node-1 version --format '{{.Server.Version}}'")
    assert repr(shown).count(version) == 3


def test_a_swarm_is_typed_and_the_machines_have_their_names(docker: Docker) -> None:
    rows = typed(docker, "-c node-1 node ls --format '{{.Hostname}} {{.ManagerStatus}}'")
    assert sorted(row.split() for row in rows.splitlines()) == [["node-1", "Leader"], ["node-2"]]
    assert docker.info["Swarm"]["LocalNodeState"] == "inactive"


def test_the_client_of_a_node_is_of_that_node(docker: Docker) -> None:
    names = [node.client.info()["Name"] for node in docker.nodes.all()]
    assert names == ["node-1", "node-2", "node-3"]


def test_no_port_of_the_daemon_is_open(docker: Docker) -> None:
    listening = typed(docker, "exec node-3 cat /proc/net/tcp /proc/net/tcp6")
    rows = [line.split() for line in listening.splitlines() if ":" in line]
    ports = {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A"}
    local = {int(row[1].rpartition(":")[2], 16) for row in rows if row[1].startswith("0B00007F")}
    assert ports <= local  # the resolver of Docker's networks, at 127.0.0.11


def test_the_contexts_of_the_learner_are_left_alone(
    docker: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    typed(docker, "context create node-1 --docker host=unix:///nowhere.sock")
    before = sorted((path, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file())
    assert typed(docker, "--context=node-1 info --format '{{.Name}}'") == "node-1"
    with pytest.raises(CommandFailed, match="exit code") as failed:
        typed(docker, "-c node-9 ps")
    assert "nodes(3)" in failed.value.next_step
    after = sorted((path, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file())
    assert after == before


def test_standard_input_and_streams_reach_a_node(docker: Docker) -> None:
    words = cell_words("-c node-1 config create greeting -")
    made = docker.typed.run(words, "good morning", lambda piece: None)
    inspected = typed(docker, "-c node-1 config inspect greeting --pretty")
    assert isinstance(made, Output)
    assert "good morning" in inspected
    typed(docker, "-c node-1 config rm greeting")


def test_a_killed_node_comes_back_as_it_was(docker: Docker) -> None:
    address = "inspect node-2 --format '{{.NetworkSettings.Networks.nodes.IPAddress}}'"
    before = typed(docker, address)
    typed(docker, "kill node-2")
    pieces: list[Piece] = []
    with pytest.raises(CommandFailed) as failed:
        docker.typed.run(cell_words("-c node-2 ps"), None, pieces.append)
    assert "is not running" in "".join(piece.text for piece in pieces)
    assert "`%docker start node-2`" in failed.value.next_step
    assert [fact.state for fact in docker.nodes.facts()] == ["running", "exited", "running"]
    typed(docker, "start node-2")
    state = "-c node-2 info --format '{{.Swarm.LocalNodeState}}'"
    assert typed(docker, state) in ("active", "pending")
    assert typed(docker, address) == before


def test_what_stopped_or_is_missing_is_made_good_by_a_second_call(docker: Docker) -> None:
    kept = docker.client.api.inspect_container("node-1")["Id"]
    typed(docker, "kill node-2")
    typed(docker, "rm --force --volumes node-3")
    typed(docker, "pause node-1")
    assert len(docker.nodes.up(3, PORT)) == 3
    assert [fact.state for fact in docker.nodes.facts()] == ["running"] * 3
    assert docker.client.api.inspect_container("node-1")["Id"] == kept
    assert typed(docker, "-c node-3 info --format '{{.Name}}'") == "node-3"


def test_clean_up_leaves_nothing(empty: tuple[Docker, dict[str, Any]], docker: Docker) -> None:
    _, before = empty
    identities = [item["Id"] for item in docker.client.api.containers(all=True)]
    removed = docker.clean_up()
    assert set(removed.containers) == set(removed.volumes) == {"node-1", "node-2", "node-3"}
    assert removed.networks == ("nodes",)
    assert traces(docker) == before
    assert remains_of(identities) == []
    assert docker.nodes.all() == []


@pytest.mark.parametrize("kind", ["container", "volume", "network"])
def test_what_is_of_others_is_refused_and_nothing_is_touched(
    empty: tuple[Docker, dict[str, Any]], kind: str
) -> None:
    docker, _ = empty
    client = docker.client
    made: Any = {
        "container": lambda: client.containers.create(BUSYBOX, name="node-2"),
        "volume": lambda: client.volumes.create("node-2"),
        "network": lambda: client.networks.create("nodes"),
    }[kind]()
    before = traces(docker)
    try:
        with pytest.raises(NameInUse, match=f"There is a {kind} named"):
            docker.nodes.up(2, PORT)
        assert docker.nodes.at("node-2") is None
        assert traces(docker) == before
    finally:
        made.remove()


def test_what_is_no_daemon_is_a_command_of_its_image(
    empty: tuple[Docker, dict[str, Any]],
) -> None:
    docker, _ = empty
    assert typed(docker, f"run --rm {NODE_IMAGE} context ls --quiet") == "default"
    assert typed(docker, f"run --rm {NODE_IMAGE} sh -c 'echo $DOCKER_VERSION'").startswith("28.")


def test_a_daemon_that_does_not_come_up_is_quoted(
    empty: tuple[Docker, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    docker, before = empty
    options = [*daemon_options(), "--storage-driver=nonsense"]
    monkeypatch.setattr("helpers.engine.node.made.daemon_options", lambda: options)
    with pytest.raises(NotReady, match="engine of node-1 did not come up") as failed:
        docker.nodes.up(1, PORT)
    assert "driver not supported: nonsense" in failed.value.message
    docker.clean_up()
    assert traces(docker) == before


def test_a_port_that_is_taken_is_a_sentence(empty: tuple[Docker, dict[str, Any]]) -> None:
    docker, before = empty
    with socket.create_server(("127.0.0.1", PORT)):
        with pytest.raises(PortInUse, match=f"Port {PORT} of this machine is taken") as refused:
            docker.nodes.up(1, PORT)
        assert "port=" in refused.value.next_step
        assert docker.nodes.all() == []
    docker.clean_up()
    assert traces(docker) == before


def test_an_interrupt_leaves_what_clean_up_knows(empty: tuple[Docker, dict[str, Any]]) -> None:
    docker, before = empty
    events = docker.client.events(decode=True, filters={"type": "container"})

    def interrupt() -> None:
        next(event for event in events if event.get("Action") == "create")
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(Interrupted, match="interrupted"):
        docker.nodes.up(3, PORT)
    thread.join()
    events.close()
    docker.clean_up()
    assert traces(docker) == before


KILLED = """
import sys
import tempfile
from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import find_client
from helpers.engine.docker import Docker
endpoint = Endpoint(sys.argv[1], "a test")
Docker(find_client([endpoint])[0], endpoint, sys.argv[2]).nodes.up(3, int(sys.argv[3]))
"""


def test_a_start_that_was_killed_can_be_gone_on_with(
    empty: tuple[Docker, dict[str, Any]],
) -> None:
    docker, before = empty
    words = [sys.executable, "-P", "-c", KILLED, docker.endpoint.host, LESSON, str(PORT)]
    events = docker.client.events(decode=True, filters={"type": "container"})
    with subprocess.Popen(words) as process:
        next(event for event in events if event.get("Action") == "create")
        process.kill()
    events.close()
    docker.nodes.up(1, PORT)
    assert typed(docker, "-c node-1 info --format '{{.Name}}'") == "node-1"
    docker.clean_up()
    assert traces(docker) == before


@pytest.mark.parametrize("way", ["tls", "ssh"])
def test_a_node_of_a_far_engine_is_reached_by_the_same_words(
    way: str,
    empty: tuple[Docker, dict[str, Any]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near, before = empty
    with far_engine(way, near.endpoint, tmp_path, monkeypatch, "127.0.0.1"):
        client, endpoint = find_client()
        far = Docker(client, endpoint, LESSON)
        far.nodes.up(1, PORT)
        assert typed(far, "-c node-1 info --format '{{.Name}}'") == "node-1"
        far.clean_up()
        client.close()
    assert traces(near) == before
