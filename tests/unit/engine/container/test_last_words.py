"""What an ended container said last, where its log can be read and where it cannot."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from docker.errors import APIError

from helpers.engine.base.command_log import CommandLog
from helpers.engine.container.container import Container
from helpers.errors import NotReady

ENDED = {
    "Id": "c" * 64,
    "Image": "sha256:app",
    "Name": "/web",
    "Created": "2026-01-01T00:00:00Z",
    "Config": {"Image": "app"},
    "State": {"Status": "exited", "ExitCode": 3},
    "HostConfig": {"RestartPolicy": {"Name": "no"}},
    "NetworkSettings": {"Ports": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "1"}]}},
}


def unread(*_: object, **__: object) -> bytes:
    raise APIError("configured logging driver does not support reading")


@pytest.mark.parametrize(
    ("logs", "ending"),
    [(lambda *_, **__: b"no such file\n", " It said last: no such file"), (unread, "")],
)
def test_a_log_that_cannot_be_read_hides_no_exit_code(logs: Any, ending: str) -> None:
    api = SimpleNamespace(
        inspect_container=lambda _: ENDED, logs=logs, base_url="", get_adapter=str
    )
    client: Any = SimpleNamespace(api=api)
    with pytest.raises(NotReady) as caught:
        Container(client, "c" * 64, CommandLog()).wait_until_ready(seconds=0)
    assert caught.value.message.endswith(f"web is exited with exit code 3.{ending}")
