"""A `docker` for tests: what it makes carries a label of its own and is gone after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpers.engine.client import find_client
from helpers.engine.endpoint import Endpoint
from helpers.engine.engine import Docker
from helpers.engine.supply import ImageSupply

LABEL = "tests"
BUSYBOX = "busybox:1.37"


@pytest.fixture(scope="session")
def endpoint() -> Endpoint:
    """The engine that `./workbook test` found or started, with busybox on it."""
    client, found = find_client()
    ImageSupply(client).ensure(BUSYBOX)
    client.close()
    return found


@pytest.fixture
def docker(endpoint: Endpoint) -> Iterator[Docker]:
    """A connection of the test's own; clean-up afterwards goes by its label."""
    client, _ = find_client([endpoint])
    docker = Docker(client, endpoint, LABEL)
    yield docker
    docker.clean_up()
    client.close()
