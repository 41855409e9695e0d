"""Podman's service, where it answers in its own way: the same lessons run on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.engine_identity import identity_format, identity_of
from helpers.engine.base.origin_ledger import engine_id
from helpers.engine.command.client_process import Piece
from helpers.engine.connection.client import find_client, open_client
from helpers.engine.docker import Docker
from helpers.engine.host.docker_command import docker_command
from helpers.model.build.report import BuildReport
from tests.engine.conftest import BUSYBOX, LABEL
from tests.engine.other_engine import other_engine
from tests.engines.tested_engine import PODMAN_5

pytestmark = [pytest.mark.engine, pytest.mark.slow]


@pytest.fixture(scope="module")
def podman(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Docker]:
    outer, _ = find_client([endpoint])
    with other_engine(PODMAN_5, outer, tmp_path_factory.mktemp("podman")) as (client, host):
        yield Docker(client, host, LABEL)
    outer.close()


def test_it_is_known_again_and_clean_up_removes_what_was_made(podman: Docker) -> None:
    other = open_client(podman.endpoint)
    assert engine_id(other) == engine_id(podman.client)
    other.close()
    assert "Podman" in repr(podman)
    info = podman.client.info()
    command = docker_command(podman.endpoint.environment(), identity_format(info))
    assert command is not None, "the tests need a docker command on the PATH"
    assert command.engine_id == identity_of(info)
    podman.build("-", "wbt-podman:1", stdin=f"FROM {BUSYBOX}\nRUN echo made > /made\n")
    box = podman.run(BUSYBOX, "sleep 600", name="wbt-podman")
    assert box.image == BUSYBOX, "as Docker writes it, not docker.io/library/…"
    assert list(podman.ps()["image"]) == [BUSYBOX]
    removed = repr(podman.clean_up())
    assert "wbt-podman" in removed
    assert "wbt-podman:1" in removed
    assert list(podman.images()["name"]) == [BUSYBOX]


def test_a_health_is_waited_for_where_nobody_has_the_check_run(podman: Docker) -> None:
    box = podman.run(BUSYBOX, "sleep 600", name="wbt-health", health_cmd="test ! -e /ill")
    assert box.wait_until_healthy() == "healthy"
    box.exec("touch /ill")
    assert box.wait_until_health("unhealthy") == "unhealthy"
    box.remove(force=True)


def test_an_end_between_two_tries_is_not_the_end(podman: Docker) -> None:
    box = podman.run(BUSYBOX, "sh -c 'exit 3'", name="wbt-again", restart="on-failure:2")
    assert box.wait_until_ended() == 3
    assert box.state.restart_count == 2
    assert box.events().actions.count("die") == 3
    box.remove(force=True)


def test_a_secret_reaches_its_step_and_no_layer(
    podman: Docker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WBT_TOKEN", "lemon-4711")
    text = f"FROM {BUSYBOX}\nRUN --mount=type=secret,id=t wc -c < /run/secrets/t > /size\n"
    podman.build("-", "wbt-secret", stdin=text, secrets=["id=t,env=WBT_TOKEN"])
    assert_kept_nowhere(podman)


def test_a_secret_that_is_typed_is_sent_along(podman: Docker, tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text("lemon-4711")
    text = f"FROM {BUSYBOX}\nRUN --mount=type=secret,id=t wc -c < /run/secrets/t > /size\n"
    (tmp_path / "Dockerfile").write_text(text)
    secret = f"id=t,src={tmp_path}/token.txt"
    pieces: list[Piece] = []
    words = ["build", "-t", "wbt-secret", "--secret", secret, str(tmp_path)]
    report = podman.typed.run(words, None, pieces.append)
    assert isinstance(report, BuildReport)
    assert report.command == " ".join(["docker", *words])
    assert "This engine is Podman" in "".join(piece.text for piece in pieces)
    assert_kept_nowhere(podman)


def assert_kept_nowhere(podman: Docker) -> None:
    """The step had the secret of ten bytes, and the image `wbt-secret` has it nowhere."""
    assert podman.run("wbt-secret", "cat /size", name="wbt-size", detach=False).logs() == "10\n"
    assert podman.image("wbt-secret").find("lemon-4711") == ()
    assert not [path for path in podman.image("wbt-secret").files() if "workbook-secret" in path]
    podman.clean_up()


def test_compose_waits_for_a_health_that_somebody_looks_at(
    podman: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    check = "healthcheck: {test: 'test -e /well', interval: 1s}, stop_grace_period: 0s"
    service = f"image: '{BUSYBOX}', command: \"sh -c 'touch /well; sleep 600'\", {check}"
    Path("compose.yaml").write_text(f"services: {{a: {{{service}}}}}\n")
    words = ("compose", "-p", "wbt-podman", "up", "-d", "--wait", "--wait-timeout", "60")
    podman.typed.run(words, None, lambda piece: None)
    removed = podman.clean_up()
    assert (removed.containers, removed.networks) == (("wbt-podman-a-1",), ("wbt-podman_default",))
