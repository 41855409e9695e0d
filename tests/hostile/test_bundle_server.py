"""`serve` among strangers: silent ones, absurd ones, and who asks for what the index hides."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from helpers.engine.bundle import server as server_module
from helpers.engine.bundle.bundle_file import BundleFile
from helpers.engine.bundle.server import BundleServer
from helpers.engine.bundle.writer import BundleWriter
from tests.unit.bundle_kit import add, digest, served

SECRET = b"deleted from the index, and still in the file"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BundleServer]:
    monkeypatch.setattr(BundleWriter, "_keep_only", lambda self, digests: None)  # others may not
    with BundleWriter(tmp_path / "lessons.tar") as writer:
        writer.add([SECRET])
        writer.finish([add(writer, "app:1")])
    with served(BundleFile(tmp_path / "lessons.tar")) as (one, _):
        yield one


def asked(server: BundleServer, path: str, **headers: str) -> requests.Response:
    address = f"http://127.0.0.1:{server.server_port}{path}"
    return requests.get(address, headers=headers, timeout=10)


def layer_path(server: BundleServer) -> str:
    layer = server.bundle.manifest(server.bundle.images[0]).layers[0]
    return f"/v2/library/app/blobs/{layer.digest}"


ABSURD = (
    f"bytes={'9' * 5000}-",
    "bytes=99999999999-",
    "bytes=5-3",
    "bytes=-5",
    "bytes=1-2,4-5",
    "lines=1-",
    "bytes=+1-",
    "bytes=1_0-",
    "bytes=\u00b9-",
)
NO_REQUESTS = (
    b"\x1b[2J\x00\xff",
    b"GET " + b"/" * 50_000,
    b"GET /\x1b]0;owned\x07 HTTP/1.1\r\nHost: a",
    b"POST / HTTP/1.1\r\nHost: a",
    b"GET /v2/../../etc/passwd HTTP/1.1\r\nHost: a",
    b"PRI * HTTP/2.0",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999",
    b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 50_000,
    b"GET /\xff\x9b2J HTTP/1.1\r\nHost: \x1b[2J",
)


@pytest.mark.parametrize("absurd", ABSURD)
def test_an_absurd_range_is_refused_without_a_word(
    server: BundleServer, absurd: str, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = asked(server, layer_path(server), Range=absurd)
    assert answer.status_code == 416
    assert answer.headers["Content-Range"].startswith("bytes */")
    assert asked(server, layer_path(server)).status_code == 200
    assert capfd.readouterr().err == ""


def test_a_stretch_is_given_exactly(server: BundleServer) -> None:
    whole = asked(server, layer_path(server)).content
    for header, stretch in (
        ("bytes=10-", whole[10:]),
        ("bytes=10-19", whole[10:20]),
        (f"bytes=7-{10**17}", whole[7:]),
    ):
        answer = asked(server, layer_path(server), Range=header)
        assert (answer.status_code, answer.content) == (206, stretch)


def test_a_blob_that_no_index_leads_to_is_not_there(server: BundleServer) -> None:
    assert server.bundle.has(digest(SECRET))
    assert asked(server, f"/v2/library/app/blobs/{digest(SECRET)}").status_code == 404


@pytest.mark.parametrize("request_line", NO_REQUESTS)
def test_what_is_no_request_is_printed_nowhere(
    server: BundleServer, request_line: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port), 10) as line:
        line.sendall(request_line + b"\r\n\r\n")
        line.shutdown(socket.SHUT_WR)
        try:
            answer = line.recv(65_536)
        except ConnectionError:
            answer = b""
    assert b"root:" not in answer
    assert b"HTTP/1.1 5" not in answer
    assert asked(server, "/v2/").status_code == 200
    assert "".join(capfd.readouterr()) == ""


def test_silent_ones_make_way_for_who_asks(
    server: BundleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "connections_allowed", lambda: 20)
    with served(server.bundle) as (narrow, http), ExitStack() as stack:
        for _ in range(60):
            silent = socket.create_connection(("127.0.0.1", narrow.server_port), 10)
            stack.enter_context(silent)
        for _ in range(5):
            assert http.tags("library/app") == ["1"]
