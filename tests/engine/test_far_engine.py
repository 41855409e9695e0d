"""An engine over TCP, TLS and SSH does all that one behind a socket does."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.connection.client import find_client
from helpers.engine.container.event_feed import EventFeed, Item
from helpers.engine.docker import Docker
from helpers.engine.host.docker_command import docker_command
from helpers.errors import InvalidInput
from helpers.model.container.event import EngineEvent
from tests.engine.conftest import BUSYBOX, LABEL
from tests.engine.far_engine import WAYS, far_engine
from tests.engine.labelled import remove_labelled

pytestmark = pytest.mark.engine
SERVE = ["sh", "-c", "mkdir -p /www && echo far > /www/index.html && httpd -f -p 80 -h /www"]


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def machine() -> str:
    """What SSH calls the engine's machine."""
    return "127.0.0.1"


@pytest.fixture
def far(
    way: str, machine: str, endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Docker]:
    """A connection of the test's own by that way; afterwards nothing with its label is there."""
    with far_engine(way, endpoint, tmp_path, monkeypatch, machine) as there:
        client, found = find_client()
        assert found == there
        docker = Docker(client, found, LABEL)
        yield docker
        docker.clean_up()
        remove_labelled(client, LABEL)
        client.close()


def test_a_container_runs_is_entered_measured_and_followed(far: Docker) -> None:
    box = far.run(BUSYBOX, ["sh", "-c", "echo begun; exec sleep 600"], name="wbt-far")
    assert box.exec("cat /etc/hostname") == f"{box.id[:12]}\n"
    assert box.logs() == "begun\n"
    readings = [usage for usage in box.usage(seconds=1.5, every=0.5) if usage.memory_bytes]
    assert readings
    box.kill()
    assert box.wait() == 137
    assert [event.action for event in box.events()][-1] == "die"


def test_events_come_as_they_happen_and_a_feed_ends_at_once(far: Docker) -> None:
    box = far.run(BUSYBOX, "sleep 600", name="wbt-far")
    feed, seen, paused = EventFeed(box), [], threading.Event()

    def note(item: Item) -> None:
        seen.append(item)
        if isinstance(item, EngineEvent) and item.action == "pause":
            paused.set()

    feed.start(note)
    box.pause()
    assert paused.wait(20), seen
    began = time.monotonic()
    feed.stop()
    assert not feed.is_running
    assert time.monotonic() - began < 5


def test_a_build_is_handed_its_files_and_secrets(far: Docker, tmp_path: Path) -> None:
    """Which wants a session: a second connection, on which the engine asks us."""
    folder = tmp_path / "context"
    folder.mkdir()
    (folder / "word").write_text("hello\n")
    (tmp_path / "token").write_text("s3cret")
    (folder / "Dockerfile").write_text(
        f"FROM {BUSYBOX}\nCOPY word /word\n"
        "RUN --mount=type=secret,id=token wc -c < /run/secrets/token\n"
    )
    report = far.build(
        folder, "wbt-far-image", secrets=[f"id=token,src={tmp_path / 'token'}"], no_cache=True
    )
    assert [line.text for line in report.own_steps[-1].log] == ["6"]
    assert far.run("wbt-far-image", "cat /word", name="wbt-far").wait() == 0


def test_an_image_goes_out_and_comes_back(far: Docker) -> None:
    pieces = list(far.client.images.get(BUSYBOX).save(named=True))
    assert sum(map(len, pieces)) > 1_000_000
    [image] = far.client.images.load(b"".join(pieces))
    assert BUSYBOX in image.tags


def test_published_ports_are_sought_where_the_engine_is(far: Docker) -> None:
    web = far.run(BUSYBOX, SERVE, name="wbt-far", ports={80: 0})
    assert web.wait_until_ready().text == "far\n"


@pytest.mark.parametrize(("way", "machine"), [("ssh", "far.example")])
def test_a_port_for_that_machine_alone_is_said_to_be_one(far: Docker) -> None:
    web = far.run(BUSYBOX, SERVE, name="wbt-far", ports={80: ("127.0.0.1", 0)})
    with pytest.raises(InvalidInput, match=r"on 127\.0\.0\.1:\d+ of far\.example alone") as caught:
        web.url()
    assert "ssh -N -L" in caught.value.next_step
    everywhere = far.run(BUSYBOX, SERVE, name="wbt-far-2", ports={80: 0})
    assert everywhere.url().startswith("http://far.example:")


def test_the_docker_command_takes_the_same(far: Docker) -> None:
    environment = far.endpoint.environment()
    command = docker_command(environment)
    if command is not None:  # it is led there by the same variables, TLS's included
        assert command.error == ""
        assert command.engine_id == far.info["ID"]
        words = ["run", "--rm", "--label", f"workbook.lesson={LABEL}", BUSYBOX, "echo", "there"]
        ended = subprocess.run(
            [command.path, *words], env={**os.environ, **environment}, capture_output=True
        )
        assert ended.stdout == b"there\n", ended.stderr


def test_what_compose_makes_is_labelled_on_its_way(
    far: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("compose.yaml").write_text(f"services: {{a: {{image: '{BUSYBOX}'}}}}\n")
    far.typed.run(("compose", "-p", "wbt-far", "create"), None, lambda piece: None)
    removed = far.clean_up()
    assert (removed.containers, removed.networks) == (("wbt-far-a-1",), ("wbt-far_default",))
