"""The logins that go along with a build, where a helper that keeps them is missing or broken."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docker import DockerClient

from helpers.engine.build.protobuf import field, fields_of, text
from helpers.engine.build.session.login import login
from helpers.engine.build.stream import BuildStream

KEPT = {"auths": {"kept.example": {"auth": "bWU6d29yZA=="}}}
MISSING = {
    "store": {"credsStore": "wbt-missing"},
    "helper": {"credHelpers": {"here.example": "wbt-missing"}},
}
# The SDK says so, too, on standard error.
pytestmark = pytest.mark.filterwarnings("ignore:docker-credential-wbt-missing")


Configure = Callable[[dict[str, Any]], DockerClient]


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Makes a client that finds these settings of the docker command."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))

    def made(settings: dict[str, Any]) -> DockerClient:
        (tmp_path / "config.json").write_text(json.dumps(settings))
        return DockerClient("tcp://127.0.0.1:9", version="1.44")

    return made


def asked(client: DockerClient, host: str) -> tuple[str, str]:
    found = fields_of(login(client, field(1, host)))
    return text(found, 1), text(found, 2)


def sent(client: DockerClient, query: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The headers of the request to build."""
    found: list[dict[str, str]] = []

    def post(url: str, headers: dict[str, str], **_: object) -> None:
        found.append(headers)
        raise ConnectionError("nobody is asked")

    monkeypatch.setattr(client.api, "post", post)
    with pytest.raises(ConnectionError):
        list(BuildStream(client, "id", query, iter(()), 0).messages())
    return found[0]


def test_a_login_is_found(configure: Configure) -> None:
    client = configure(KEPT)
    assert asked(client, "kept.example") == ("me", "word")
    assert asked(client, "docker.io") == ("", "")


@pytest.mark.parametrize("settings", MISSING.values(), ids=MISSING)
def test_where_the_helper_is_missing_there_is_no_login(
    configure: Configure, settings: dict[str, Any]
) -> None:
    assert asked(configure(settings), "here.example") == ("", "")


def test_without_a_session_the_request_carries_the_logins(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "X-Registry-Config" in sent(configure(KEPT), {}, monkeypatch)


def test_with_a_session_the_builder_asks_for_them(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "X-Registry-Config" not in sent(configure(KEPT), {"session": "id"}, monkeypatch)


@pytest.mark.parametrize("query", [{}, {"session": "id"}], ids=["archive", "session"])
@pytest.mark.parametrize("settings", MISSING.values(), ids=MISSING)
def test_a_helper_that_is_missing_keeps_nobody_from_building(
    configure: Configure,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, Any],
    query: dict[str, str],
) -> None:
    assert "X-Registry-Config" not in sent(configure(settings), query, monkeypatch)


@pytest.mark.skipif(os.name == "nt", reason="the helper is a shell script")
def test_a_helper_that_answers_nonsense_has_no_login(
    configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "docker-credential-wbt-odd"
    program.write_text("#!/bin/sh\necho nonsense\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    client = configure({"credsStore": "wbt-odd"})
    assert asked(client, "here.example") == ("", "")
    assert "X-Registry-Config" not in sent(client, {}, monkeypatch)
