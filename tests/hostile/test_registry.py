"""A registry of somebody else's: it gets no password, memory, time or terminal of ours."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from helpers.commands.__main__ import guarded
from helpers.engine.registry.http import RegistryHttp
from helpers.errors import RegistryError
from tests.hostile.registry import costly_challenge, loud, wants_a_token
from tests.hostile.server import HostileServer, Reply, endless, hostile_server

ELSEWHERE = "127.0.0.2"  # another host, as far as a netrc file is concerned
to_mend = pytest.mark.xfail(strict=True, reason="not mended yet")


def far(server: HostileServer) -> RegistryHttp:
    """The registry as one that is not on this machine: with the user's settings."""
    http = RegistryHttp("registry.example")
    http.base = f"http://{server.address}"
    return http


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text(f"machine {ELSEWHERE} login ada password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("NO_PROXY", "*")


@to_mend
def test_it_gets_no_password_that_is_for_another_host() -> None:
    with (
        hostile_server(
            lambda asked: Reply(200, {"Content-Length": "2"}, [b"{}"]), ELSEWHERE
        ) as other,
        hostile_server(lambda asked: wants_a_token(f"http://{other.address}/token")) as server,
        pytest.raises(RegistryError),
    ):
        far(server).tags("app")
    assert [asked for asked in other.asked if "Authorization" in asked.headers] == []


@to_mend
def test_a_token_without_end_is_not_read_to_the_end() -> None:
    with (
        hostile_server(lambda asked: Reply(body=endless(b'{"token": "', 2048))) as other,
        hostile_server(lambda asked: wants_a_token(f"http://{other.address}/token")) as server,
        pytest.raises(RegistryError),
    ):
        far(server).tags("app")
    assert other.sent_bytes < 32 << 20


@to_mend
def test_its_headers_cost_little() -> None:
    with hostile_server(lambda asked: costly_challenge()) as server:
        before = time.thread_time()
        with pytest.raises(RegistryError):
            far(server).tags("app")
        spent_seconds = time.thread_time() - before
    assert spent_seconds < 0.2


@to_mend
def test_its_words_are_text_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with hostile_server(loud) as server:
        assert guarded(lambda: len(far(server).tags("app"))) == 1
    shown = capsys.readouterr().err
    assert "\x1b" not in shown
    assert [line for line in shown.splitlines() if line.startswith("→ Run")] == []
