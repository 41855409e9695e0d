"""Docker Hub's answers, from a small server on loopback."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from helpers.engine.registry import reachability as hub
from helpers.engine.registry.reachability import PullQuota, pulls_left, quota_from, reachability

Answer = tuple[int, dict[str, str], bytes]
Answers = dict[tuple[str, str], Answer]
Asked = tuple[str, str, dict[str, str]]


@contextmanager
def server(answers: Answers) -> Iterator[tuple[str, list[Asked]]]:
    """A server that answers (method, path without query) with (status, headers, body)."""
    asked: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            asked.append((self.command, self.path, dict(self.headers)))
            status, headers, body = answers[self.command, self.path.partition("?")[0]]
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_HEAD = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{httpd.server_port}", asked
        finally:
            httpd.shutdown()


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    hub._known.cache_clear()
    yield
    hub._known.cache_clear()


TOKEN = ("GET", "/token")
MANIFEST = ("HEAD", "/v2/ratelimitpreview/test/manifests/latest")


def test_the_quota_is_read_from_the_headers() -> None:
    headers = {"RateLimit-Limit": "100;w=21600", "RateLimit-Remaining": "76;w=21600"}
    assert quota_from(headers) == PullQuota(76, 100, 21600)
    assert quota_from({}) == PullQuota(None, None, None)
    assert quota_from({"ratelimit-remaining": "many"}).remaining is None
    assert quota_from({"ratelimit-remaining": "0"}).remaining == 0


def test_asking_for_the_quota_takes_a_token_and_only_the_headers() -> None:
    limits = {"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "76;w=21600"}
    answers = {
        TOKEN: (200, {}, json.dumps({"token": "t0ken"}).encode()),
        MANIFEST: (200, limits, b""),
    }
    with server(answers) as (address, asked):
        quota = pulls_left(address, f"{address}/token?service=x")
    assert quota == PullQuota(76, 100, 21600)
    assert [method for method, _, _ in asked] == ["GET", "HEAD"]
    assert "scope=repository:ratelimitpreview/test:pull" in asked[0][1]
    assert asked[1][2]["Authorization"] == "Bearer t0ken"


def test_an_empty_quota_is_told_and_a_broken_answer_is_none() -> None:
    token = (200, {}, b'{"token": "t"}')
    used_up = {TOKEN: token, MANIFEST: (429, {"ratelimit-remaining": "0;w=21600"}, b"")}
    with server(used_up) as (address, _):
        quota = pulls_left(address, f"{address}/token?x=y")
    assert quota is not None
    assert quota.remaining == 0
    for broken in ((200, {}, b"<html>"), (200, {}, b"[]"), (503, {}, b"")):
        with server({TOKEN: broken}) as (address, _):
            assert pulls_left(address, f"{address}/token?x=y") is None


@pytest.mark.parametrize(("status", "is_reachable"), [(200, True), (401, True), (403, False)])
def test_a_registry_that_asks_for_a_token_is_reachable(status: int, is_reachable: bool) -> None:
    with server({("GET", "/v2/"): (status, {}, b"")}) as (address, _):
        found = reachability(address)
    assert found.is_reachable is is_reachable
    assert is_reachable or "HTTP 403" in found.observed


def test_a_silent_registry_costs_no_more_than_the_seconds_given() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = reachability(f"http://127.0.0.1:{silent.getsockname()[1]}", seconds=0.3)
    assert not found.is_reachable
    assert "in time" in found.observed
    assert 0.25 < found.seconds < 2


def test_refused_and_unknown_addresses_are_told_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert "connection refused" in reachability(f"http://127.0.0.1:{port}").observed
    assert "cannot be resolved" in reachability("http://registry.invalid", seconds=10).observed


def test_success_is_remembered_and_failure_only_for_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with server({("GET", "/v2/"): (401, {}, b"")}) as (address, asked):
        assert reachability(address) is reachability(address)
    assert len(asked) == 1
    assert reachability(address).is_reachable

    clock = [1000.0]
    monkeypatch.setattr(hub.time, "monotonic", lambda: clock[0])
    with server({("GET", "/v2/"): (503, {}, b"")}) as (address, asked):
        for at, times in ((1000.0, 1), (1059.0, 1), (1061.0, 2)):
            clock[0] = at
            assert not reachability(address).is_reachable
            assert len(asked) == times
