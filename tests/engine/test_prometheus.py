"""A real Prometheus in a container: it reads itself, and is asked over its HTTP API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from helpers.engine.container.container import Container
from helpers.engine.container.prometheus import instant, over_time, wait_for_series
from helpers.engine.docker import Docker
from helpers.errors import InvalidInput
from helpers.model.supply.catalogue import PROMETHEUS
from tests.engine.supply_kit import imported, need_stand_ins

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def image(endpoint: object) -> Iterator[str]:
    """The stand-in under a name of the test's own."""
    from helpers.engine.connection.client import find_client

    need_stand_ins()
    client, _ = find_client()
    with imported(client, PROMETHEUS, "wbsup-prometheus:v2.53.3") as name:
        yield name
    client.close()


@pytest.fixture
def prometheus(docker: Docker, image: str) -> Container:
    box = docker.run(image, name="wbt-prometheus", ports={9090: ("127.0.0.1", 0)}, memory="256m")
    box.wait_until_ready("/-/ready", seconds=60)
    return box


def test_the_stand_in_behaves_as_the_official_image(prometheus: Container) -> None:
    found = prometheus._client.api.inspect_container(prometheus.id)["Config"]
    assert found["Entrypoint"] == ["/bin/prometheus"]
    assert found["Cmd"][0] == "--config.file=/etc/prometheus/prometheus.yml"
    assert (found["User"], found["WorkingDir"]) == ("nobody", "/prometheus")
    assert prometheus.exec("id -un").strip() == "nobody"
    assert prometheus.exec("prometheus --version").startswith("prometheus, version 2.53.3")
    page = prometheus.get("/")
    assert page.status == 200
    assert "Prometheus" in page.text
    seconds = prometheus.stop(seconds=20).seconds
    assert prometheus.exit_code == 0, f"it did not end by itself within {seconds} s"


def test_it_is_asked_now_over_time_and_in_vain(prometheus: Container) -> None:
    up = wait_for_series(prometheus, "up", 60)
    assert up[["job", "value"]].to_dict("records") == [{"job": "prometheus", "value": 1.0}]
    assert len(over_time(prometheus, "up", seconds=30)) >= 1
    assert len(instant(prometheus, "no_such_metric")) == 0
    with pytest.raises(InvalidInput, match="refused the query"):
        instant(prometheus, "rate(")


def test_logs_are_bounded_and_health_is_followed(docker: Docker) -> None:
    chatty = docker.run("busybox:1.37", "seq 5000", name="wbt-chatty", detach=False,
                        log_opt={"max-size": "10k", "max-file": 2})  # fmt: skip
    lines = chatty.logs().splitlines()
    assert 50 < len(lines) < 500
    assert lines[-1] == "5000"
    sick = docker.run("busybox:1.37", "sleep 600", name="wbt-sick", health_cmd="test -f /well",
                      health_interval="200ms", health_retries=1)  # fmt: skip
    assert sick.wait_until_health("unhealthy") == "unhealthy"
    sick.exec("touch /well")
    assert sick.wait_until_health("healthy") == "healthy"
    told = [event.action for event in sick.events() if event.action.startswith("health")]
    assert told == ["health_status: unhealthy", "health_status: healthy"]
