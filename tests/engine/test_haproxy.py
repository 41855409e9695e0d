"""The HAProxy stand-in does what the official image is documented to do, behaviour by behaviour.

Source: the image's page on Docker Hub, https://hub.docker.com/_/haproxy.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from docker import DockerClient
from docker.errors import ContainerError
from docker.models.containers import Container

from helpers.engine.base.packing import packed
from helpers.engine.connection.client import find_client
from helpers.model.supply.catalogue import HAPROXY
from tests.engine.supply_kit import imported, made, need_stand_ins

pytestmark = pytest.mark.engine
IMAGE, NAME = "wbsup-haproxy:3.0", "wbsup-haproxy"
FILE = "usr/local/etc/haproxy/haproxy.cfg"
MOST_BYTES = 30_000_000
IN_TIME_SECONDS = 20.0


def settings(answer: str) -> dict[str, bytes]:
    """A configuration by which HAProxy gives that answer itself, with a named error page."""
    text = f"""
defaults
    mode http
    timeout connect 1s
    timeout client 5s
    timeout server 5s
    errorfile 503 /usr/local/etc/haproxy/errors/503.http
frontend door
    bind :8080
    http-request return status 200 content-type text/plain string {answer}
"""
    return {FILE: text.encode()}


@pytest.fixture(scope="module")
def client() -> Iterator[DockerClient]:
    need_stand_ins()
    found, _ = find_client()
    with imported(found, HAPROXY, IMAGE):
        yield found
    found.close()


@pytest.fixture(scope="module")
def haproxy(client: DockerClient) -> Iterator[Container]:
    box = client.containers.create(IMAGE, name=NAME)
    try:
        box.put_archive("/", packed(settings("first")))
        box.start()
        yield box
    finally:
        box.remove(force=True)


def answers(box: Container, expected: str) -> bool:
    """Whether it gives that answer within the time allowed."""
    deadline = time.monotonic() + IN_TIME_SECONDS
    while time.monotonic() < deadline:
        got = box.exec_run(["wget", "-qO-", "http://127.0.0.1:8080/"]).output
        if got == expected.encode():
            return True
        time.sleep(0.05)
    return False


def test_its_settings_are_the_official_ones(client: DockerClient) -> None:
    config = client.images.get(IMAGE).attrs["Config"]
    assert (config["User"], config["StopSignal"]) == ("haproxy", "SIGUSR1")
    assert config["Entrypoint"] == ["docker-entrypoint.sh"]
    assert config["Cmd"] == ["haproxy", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]
    assert any(line.startswith("HAPROXY_VERSION=3.0.") for line in config["Env"])
    assert made(HAPROXY).size_bytes < MOST_BYTES


def test_it_comes_without_a_configuration(client: DockerClient) -> None:
    """How to use this image: there is no default configuration; options go to haproxy."""
    with pytest.raises(ContainerError, match=r"haproxy\.cfg"):
        client.containers.run(IMAGE, remove=True)
    assert client.containers.run(IMAGE, ["-v"], remove=True).startswith(b"HAProxy version 3.0.")


def test_it_serves_as_user_haproxy_and_checks_a_configuration(haproxy: Container) -> None:
    """Test the configuration file; the note on USER haproxy."""
    assert answers(haproxy, "first")
    assert haproxy.exec_run(["stat", "-c", "%u:%g", "/proc/1"]).output.strip() == b"99:99"
    assert haproxy.exec_run(["haproxy", "-c", "-f", f"/{FILE}"]).exit_code == 0


def test_a_hangup_reloads_its_configuration(haproxy: Container) -> None:
    """Reloading config."""
    assert answers(haproxy, "first")
    haproxy.put_archive("/", packed(settings("second")))
    haproxy.kill("SIGHUP")
    assert answers(haproxy, "second")


def test_it_stops_by_its_own_signal(haproxy: Container) -> None:
    began = time.monotonic()
    haproxy.stop(timeout=15)
    haproxy.reload()
    assert haproxy.attrs["State"]["ExitCode"] == 0
    assert time.monotonic() - began < 12
