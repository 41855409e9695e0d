"""A password in a netrc file is for the hosts that it names there: no engine gets to see it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from docker import DockerClient

from helpers.engine.base.endpoint import Endpoint
from helpers.engine.base.sdk import local_client
from helpers.engine.connection.client import open_client
from tests.hostile.server import Reply, hostile_server

LINES = ("default login ada password secret\n", "machine 127.0.0.1 login ada password secret\n")
WAYS: tuple[Callable[[str], DockerClient], ...] = (
    lambda address: open_client(Endpoint(address, "a test")),
    lambda address: local_client(address, 10),
)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("way", WAYS, ids=["dialled", "local"])
def test_no_engine_gets_a_password_of_a_netrc_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Callable[[str], DockerClient], line: str
) -> None:
    (tmp_path / "netrc").write_text(line)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    body = json.dumps({"ApiVersion": "1.44"}).encode()
    reply = Reply(200, {"Content-Length": str(len(body))}, [body])
    with hostile_server(lambda asked: reply) as server:
        client = way(f"tcp://{server.address}")
        client.info()
        client.close()
    assert [asked.path for asked in server.asked] == ["/version", "/v1.44/info"]
    assert [asked.headers.get("Authorization") for asked in server.asked] == [None, None]
