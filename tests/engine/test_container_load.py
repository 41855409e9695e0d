"""A load on a real container: its published port, its own address, and what its end looks like."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from helpers import requests
from helpers.engine.container.container import Container
from helpers.engine.docker import Docker
from helpers.engine.load.near import engine_addresses
from helpers.errors import InvalidInput
from helpers.notebook.session import _connected, open_session
from tests.engine.conftest import BUSYBOX

pytestmark = pytest.mark.engine

# As one types it: a page of JSON with a version, served by busybox.
SERVE = 'echo \'{"version": "7"}\' > /tmp/page.json; exec httpd -f -p 80 -h /tmp'


@pytest.fixture
def web(docker: Docker) -> Iterator[Container]:
    """A container that answers, and this engine as the one that is connected."""
    open_session(docker)
    yield docker.run(BUSYBOX, ["sh", "-c", SERVE], name="wbt-load", ports={80: ("127.0.0.1", 0)})
    _connected.clear()


def test_a_container_is_asked_until_it_ends(docker: Docker, web: Container) -> None:
    web.wait_until_ready("/page.json")
    load = requests(web.url(path="/page.json"), 100)
    try:
        while load.sent < 50:
            time.sleep(0.02)
        assert load.failures == {}
        web.remove(force=True)
        while load.failed < 20:
            time.sleep(0.02)
    finally:
        load.stop()
    assert set(load.answers) == {"7"}
    assert set(load.failures) <= {
        "refused",
        "reset",
        "timed out",
        "closed without an answer",
        "broken off in the middle",
    }


def test_containers_of_this_machines_engine_are_near(docker: Docker, web: Container) -> None:
    seen = docker.client.api.inspect_container(web.id)
    own = {each["IPAddress"] for each in seen["NetworkSettings"]["Networks"].values()}
    near = engine_addresses(docker.client, docker.endpoint)
    assert (own <= near) is docker.endpoint.is_local
    with pytest.raises(InvalidInput, match="neither this machine nor your engine"):
        requests("http://192.0.2.7/")
