"""The private parts of the docker SDK that the engine stands on, each pinned by what it does.

They speak to a server of a few lines on a Unix socket, by way of the installed SDK, requests and
urllib3. A new release that has other parts fails here, and only `helpers/engine/base/sdk.py` has to
follow.
"""

from __future__ import annotations

import ast
import base64
import json
import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from typing import Any

import pytest
import requests
from docker import DockerClient
from docker.errors import APIError, ImageNotFound, NotFound

from helpers.engine.base import sdk

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the engine is played on a Unix socket")
ENGINE = Path(sdk.__file__).resolve().parents[1]
LOGIN = base64.b64encode(b"ada:secret").decode()


class Handler(BaseHTTPRequestHandler):
    """Streams two messages, the second in two chunks; /silent sends one, and then nothing more."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, dict[str, str]]]
    over: threading.Event

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers.items())))
        if "missing" in self.path:
            self._answer(404, {"message": "No such image: missing"})
        elif "silent" in self.path:
            self._chunks(b'{"n": 1}\n')
            self.over.wait(30)
        else:
            self._chunks(b'{"n": 1}\n', b'{"n"', b": 2}\n", b"")

    do_POST = do_GET  # noqa: N815

    def _answer(self, status: int, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _chunks(self, *chunks: bytes) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))

    def address_string(self) -> str:
        return "engine"

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Server(ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False


@pytest.fixture
def requested() -> list[tuple[str, dict[str, str]]]:
    """What the engine was asked: each path, with its headers."""
    return []


@pytest.fixture
def client(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    requested: list[tuple[str, dict[str, str]]],
) -> Iterator[DockerClient]:
    config = {"auths": {"localhost:5000": {"auth": LOGIN}}, "HttpHeaders": {"X-Here": "yes"}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    over = threading.Event()
    handler = type("Playing", (Handler,), {"asked": requested, "over": over})
    with Server(str(tmp_path / "engine"), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        made = DockerClient(base_url=f"unix://{tmp_path / 'engine'}", version="1.41")
        yield made
        over.set()
        made.close()
        server.shutdown()


def opened(client: DockerClient, path: str) -> requests.Response:
    return sdk.asked(client, sdk.url_of(client, path))


def test_an_address_has_the_api_version_and_quoted_words(client: DockerClient) -> None:
    url = sdk.url_of(client, "/images/{0}/get", "a b/c:1")
    assert url == "http+docker://localhost/v1.41/images/a%20b/c:1/get"


def test_a_question_is_answered_as_a_stream_and_bears_the_users_headers(
    client: DockerClient, requested: list[tuple[str, dict[str, str]]]
) -> None:
    with sdk.asked(client, sdk.url_of(client, "/x"), params={"a": "1"}, timeout=9) as answer:
        sdk.refuse_failure(client, answer)
        assert not answer.raw.closed
        assert b"".join(answer.iter_content(None)) == b'{"n": 1}\n{"n": 2}\n'
    [(path, headers)] = requested
    assert path == "/v1.41/x?a=1"
    assert headers["X-Here"] == "yes"


def test_without_a_timeout_the_clients_own_holds(
    client: DockerClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    monkeypatch.setattr(client.api, "get", lambda _, **options: given.append(options["timeout"]))
    client.api.timeout = 77
    for options in ({}, {"timeout": None}, {"timeout": (1, 2)}):
        sdk.asked(client, "http://x/", **options)
    assert given == [77, None, (1, 2)]


def test_a_refusal_is_the_sdks_error(client: DockerClient) -> None:
    for path, kind in (("/images/missing", ImageNotFound), ("/missing", NotFound)):
        with opened(client, path) as answer, pytest.raises(APIError) as caught:
            sdk.refuse_failure(client, answer)
        assert isinstance(caught.value, NotFound), kind
        assert caught.value.explanation == "No such image: missing"


def test_messages_come_whole_however_they_are_broken(client: DockerClient) -> None:
    assert list(sdk.messages_of(client, opened(client, "/events"))) == [{"n": 1}, {"n": 2}]


def reader_of(messages: Any, seen: list[object]) -> threading.Thread:
    """A thread that reads them to their end; it has begun to wait for the second."""
    first = threading.Event()

    def read() -> None:
        try:
            for message in messages:
                seen.append(message)
                first.set()
        except (requests.RequestException, OSError) as error:
            seen.append(type(error))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    assert first.wait(10)
    return thread


def test_another_thread_ends_a_stream_of_messages(client: DockerClient) -> None:
    seen: list[object] = []
    messages = sdk.messages_of(client, opened(client, "/silent"))
    thread = reader_of(messages, seen)
    messages.close()
    thread.join(5)
    assert not thread.is_alive()
    assert seen == [{"n": 1}]


def test_another_thread_hangs_up_on_an_answer(client: DockerClient) -> None:
    seen: list[object] = []
    answer = opened(client, "/silent")
    thread = reader_of(answer.iter_content(None), seen)
    sdk.hang_up(answer)
    thread.join(5)
    assert not thread.is_alive()
    assert seen[0] == b'{"n": 1}\n'
    answer.close()
    sdk.hang_up(answer)
    sdk.hang_up(requests.Response())


def test_a_new_socket_leads_to_the_engine(client: DockerClient) -> None:
    connection = sdk.new_socket(client)
    assert type(connection) is socket.socket
    with connection:
        connection.sendall(b"GET /v1.41/missing HTTP/1.1\r\nHost: docker\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 404")


def test_there_is_no_socket_where_nobody_answers_or_it_is_not_plain(tmp_path: Path) -> None:
    for address in (f"unix://{tmp_path / 'nobody'}", "tcp://127.0.0.1:9"):
        client = DockerClient(base_url=address, version="1.41")
        assert sdk.new_socket(client) is None
        client.close()


def test_logins_are_read_where_docker_login_keeps_them(client: DockerClient) -> None:
    login = json.loads(base64.urlsafe_b64decode(sdk.login_header(client, "localhost:5000")))
    assert (login["username"], login["password"]) == ("ada", "secret")
    assert sdk.login_header(client, "docker.io") == ""
    assert sdk.stored_login(client, "localhost:5000")["username"] == "ada"
    assert sdk.stored_login(client, None) == {}
    headers: dict[str, str] = {}
    sdk.add_login_headers(client, headers)
    assert set(json.loads(base64.urlsafe_b64decode(headers["X-Registry-Config"]))) == {
        "localhost:5000"
    }


def test_a_login_of_this_moment_is_read_again(client: DockerClient, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    assert sdk.stored_login(client, "localhost:5000") == {}


@pytest.mark.parametrize(
    ("repository", "registry"),
    [
        ("busybox", "docker.io"),
        ("library/busybox", "docker.io"),
        ("index.docker.io/library/busybox", "docker.io"),
        ("ghcr.io/team/app", "ghcr.io"),
        ("localhost:5000/app", "localhost:5000"),
    ],
)
def test_a_repository_leads_to_its_registry(repository: str, registry: str) -> None:
    assert sdk.registry_of(repository) == registry


def test_private_parts_of_others_are_used_in_that_file_alone() -> None:
    """`self._x`, or what the same file defines, is one's own; any other `_x` is somebody's.

    A name with an underscore at its end, too, is a protocol: `__init__`, IPython's `_repr_html_`.
    `_replace` and `os._exit` are documented.
    """
    for path in sorted(ENGINE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
        own = {node.attr for node in nodes if ast.unparse(node.value) in ("self", "cls", "super()")}
        others = {node.attr for node in nodes if node.attr.startswith("_")} - own
        others = {name for name in others if not name.endswith("_")} - {"_replace", "_exit"}
        assert not others or path == Path(sdk.__file__).resolve(), f"{path}: {others}"
