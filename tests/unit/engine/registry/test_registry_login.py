"""Logins that `docker login` keeps with a helper program, which may be missing or broken."""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from docker import DockerClient

from helpers.engine.registry import transfer
from helpers.engine.registry.login import add_logins, login_for, name_and_password
from helpers.engine.supply.pull import pull
from helpers.model.image.reference import ImageReference
from tests.unit.fake_engine import fake_engine

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="the helper is a shell script"),
    pytest.mark.filterwarnings("ignore:docker-credential"),
]
PULLED = {"status": "Status: Downloaded newer image for localhost:5000/app:1"}


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DockerClient]:
    """A client that is set up to ask a helper that nobody installed, as WSL leaves it."""
    (tmp_path / "config.json").write_text('{"credsStore": "desktop.exe"}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    answers = {"/images/create": (200, json.dumps(PULLED))}
    with fake_engine(tmp_path / "engine", answers) as address:
        made = DockerClient(base_url=address, version="1.41")
        yield made
        made.close()


def helper(folder: Path, script: str) -> None:
    """Installs one that answers so."""
    path = folder / "docker-credential-desktop.exe"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("script", [None, "exit 1", "echo no JSON", "echo '{}'", "echo '[]'"])
def test_a_helper_that_gives_no_login_is_no_login(
    client: DockerClient, tmp_path: Path, script: str | None
) -> None:
    if script:
        helper(tmp_path, script)
    assert login_for(client, "localhost:5000") == ""
    assert name_and_password(client, None) == ("", "")


def test_the_login_of_a_helper_is_sent(client: DockerClient, tmp_path: Path) -> None:
    helper(tmp_path, """echo '{"Username": "ada", "Secret": "x"}'""")
    said = json.loads(base64.urlsafe_b64decode(login_for(client, "localhost:5000")))
    assert (said["Username"], said["Password"]) == ("ada", "x")
    assert name_and_password(client, "localhost:5000") == ("ada", "x")


def test_pulls_need_no_login_that_cannot_be_read(client: DockerClient) -> None:
    assert list(pull(client, "localhost:5000/app", "1", threading.Event())) == []
    found = transfer.pull(
        client, ImageReference.parse("localhost:5000/app:1"), lambda _: None, lambda: None
    )
    assert found.is_over is False


@pytest.mark.parametrize("legacy", [".dockercfg", ".docker/config.json"])
def test_no_login_is_taken_from_where_docker_takes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, legacy: str
) -> None:
    """With DOCKER_CONFIG the docker command looks there alone, and nowhere for a .dockercfg."""
    kept = {"auth": base64.b64encode(b"ada:x").decode()}
    (tmp_path / legacy).parent.mkdir(exist_ok=True)
    auths = {"localhost:5000": kept, "https://index.docker.io/v1/": kept}
    (tmp_path / legacy).write_text(json.dumps({"auths": auths}))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "empty"))
    client = DockerClient("tcp://127.0.0.1:9", version="1.41")
    headers: dict[str, str] = {}
    add_logins(client, headers)
    assert login_for(client, "localhost:5000") == ""
    assert name_and_password(client, None) == ("", "")
    assert headers == {}
    client.close()


def test_a_login_of_this_moment_is_sent(client: DockerClient, tmp_path: Path) -> None:
    for name in ("ada", "grace"):
        auth = base64.b64encode(f"{name}:x".encode()).decode()
        (tmp_path / "config.json").write_text(
            json.dumps({"auths": {"localhost:5000": {"auth": auth}}})
        )
        sent = json.loads(base64.urlsafe_b64decode(login_for(client, "localhost:5000")))
        assert sent["username"] == name
