"""A `docker` for tests: what it makes carries a label of its own and is gone after each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.base.command_log import CommandLog
from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import find_client, open_client
from helpers.engine.container.container import Container
from helpers.engine.docker import Docker
from helpers.engine.supply import ImageSupply
from tests.engine.cut_proxy import CutProxy
from tests.engine.labelled import remove_labelled

LABEL = "tests"
BUSYBOX = "busybox:1.37"


@pytest.fixture(scope="session")
def endpoint() -> Endpoint:
    """The engine that `./workbook test` found or started, with busybox on it."""
    client, found = find_client()
    ImageSupply(client).ensure(BUSYBOX)
    client.close()
    return found


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what all processes of this run need, and one makes."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture
def docker(endpoint: Endpoint) -> Iterator[Docker]:
    """A connection of the test's own; afterwards nothing with its label is there."""
    client, _ = find_client([endpoint])
    docker = Docker(client, endpoint, LABEL)
    yield docker
    docker.clean_up()
    remove_labelled(client, LABEL)
    client.close()


@pytest.fixture
def cut_off(docker: Docker, tmp_path: Path) -> Iterator[tuple[CutProxy, Container]]:
    """A container that runs, reached by a road that can be cut."""
    box = docker.run(BUSYBOX, "sleep 600", name="wbt-cut")
    proxy = CutProxy(docker.endpoint.host, tmp_path / "engine.sock")
    client = open_client(Endpoint(proxy.host, "test"))
    yield proxy, Container(client, box.id, CommandLog())
    client.close()
    proxy.cut()
