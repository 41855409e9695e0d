"""Requests on their way to an engine, some with further labels: compared with what arrives."""

from __future__ import annotations

import io
import json
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.engine.command.labelling_socket import labelling_socket
from helpers.engine.command.request_head import RequestHead, Unreadable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such sockets")
LABELS = {"workbook.lesson": "11"}
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class FarEnd:
    """An engine that keeps all that arrives, and answers whenever something does."""

    def __init__(self) -> None:
        self.received = b""
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.ended = threading.Event()
        self.dials = 0

    def dial(self) -> socket.socket:
        """A connection to it."""
        ours, theirs = socket.socketpair()
        threading.Thread(target=self._serve, args=(theirs,), daemon=True).start()
        self.dials += 1
        return ours

    def labels(self, kind: str, wanted: Mapping[str, Any]) -> Mapping[str, str]:
        """The labels of the lesson."""
        self.asked.append((kind, wanted))
        return LABELS

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            while piece := connection.recv(65536):
                self.received += piece
                connection.sendall(ANSWER)
        if self.received:
            self.ended.set()


def sent(*pieces: bytes) -> FarEnd:
    """The far end, once a client has sent these over one connection and ended it."""
    far = FarEnd()
    with labelling_socket(far.dial, far.labels) as host:
        assert host is not None
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(host.removeprefix("unix://"))
            for piece in pieces:
                client.sendall(piece)
            assert client.recv(len(ANSWER)) == ANSWER
            client.shutdown(socket.SHUT_WR)
            assert far.ended.wait(5)
    return far


def request(line: str, body: bytes, *headers: str) -> bytes:
    """A request as bytes."""
    lines = [line, "Host: docker", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize("kind", ["containers", "networks", "volumes"])
@pytest.mark.parametrize("version", ["", "/v1.41"])
def test_what_is_made_gets_labels(kind: str, version: str) -> None:
    body = {"Image": "busybox", "Labels": {"a": "b"}, "n": 9007199254740993}
    line = f"POST {version}/{kind}/create?name=web HTTP/1.1"
    far = sent(request(line, json.dumps(body).encode()))
    head, _, arrived = far.received.partition(b"\r\n\r\n")
    assert head.startswith(line.encode())
    assert json.loads(arrived) == {**body, "Labels": {"a": "b", **LABELS}}
    assert f"Content-Length: {len(arrived)}".encode() in head
    assert far.asked == [(kind, body)]


def test_chunks_are_put_together() -> None:
    head = b"POST /volumes/create HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    far = sent(head, b'6\r\n{"Name\r\n', b'6;x=y\r\n":"x"}\r\n0\r\n\r\n')
    head, _, arrived = far.received.partition(b"\r\n\r\n")
    assert json.loads(arrived) == {"Name": "x", "Labels": LABELS}
    assert b"chunked" not in head


@pytest.mark.parametrize(
    "asked",
    [
        request("GET /v1.51/containers/json?all=1 HTTP/1.1", b""),
        request("POST /v1.51/containers/12ab/start HTTP/1.1", b""),
        request("GET /v1.51/networks/create HTTP/1.1", b""),
        request("POST /v1.51/networks/create HTTP/1.1", b"no JSON"),
        request("POST /v1.51/networks/create HTTP/1.1", b"[1]"),
        b"POST /build HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n",
        request("POST /exec/1/start HTTP/1.1", b"{}", "Connection: Upgrade", "Upgrade: tcp")
        + b"POST /containers/create HTTP/1.1\r\n\r\nwhatever a program is told",
    ],
)
def test_all_else_passes_as_it_is(asked: bytes) -> None:
    assert sent(asked).received == asked


def test_several_requests_follow_each_other() -> None:
    first = request("POST /_ping HTTP/1.1", b"x" * 100_000)
    far = sent(first, request("POST /networks/create HTTP/1.1", b'{"Name": "n"}'), first)
    assert far.received.count(b"workbook.lesson") == 1
    assert far.received.startswith(first)
    assert far.received.endswith(first)


@pytest.mark.parametrize("asked", [b"x" * 70_000, b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n"])
def test_what_is_no_request_ends_the_connection(asked: bytes) -> None:
    far = FarEnd()
    with labelling_socket(far.dial, far.labels) as host:
        assert host is not None
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(host.removeprefix("unix://"))
            client.sendall(asked)
            client.settimeout(5)
            with suppress(ConnectionResetError):
                while client.recv(65536):
                    pass


def test_no_other_user_may_enter() -> None:
    far = FarEnd()
    with labelling_socket(far.dial, far.labels) as host:
        assert host is not None
        folder = Path(host.removeprefix("unix://")).parent
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()


def test_where_nobody_answers_there_is_no_address() -> None:
    with labelling_socket(lambda: None, lambda kind, wanted: {}) as host:
        assert host is None


WORDS = (
    *(b"POST /networks/create HTTP/1.1\r\n", b"GET /info\n", b"\r\n", b"\n", b"{}", b"\0" * 5),
    *(b"Content-Length: 2\r\n", b"Content-Length: " + b"9" * 5000 + b"\r\n", b"Content-Length:\n"),
    *(b"Transfer-Encoding: chunked\r\n", b"2\r\n", b"0\r\n", b"-2\r\n", b"0x2;a=b\r\n"),
)


@given(st.binary(max_size=300) | st.lists(st.sampled_from(WORDS)).map(b"".join), st.booleans())
def test_any_bytes_are_a_request_or_unreadable(content: bytes, at_once: bool) -> None:
    stream = read_from(content)
    try:
        while head := RequestHead.read(stream):
            assert RequestHead.read(read_from(bytes(head))) == head
            body = head.whole_body(stream) if at_once else b"".join(head.body(stream))
            assert body in content or at_once
    except Unreadable:
        pass


@pytest.mark.parametrize("size", [b"-2", b"+2", b"0x2", b"1_0", b"", b"f" * 5000])
def test_a_chunk_of_no_size_is_unreadable(size: bytes) -> None:
    head = RequestHead((b"POST / HTTP/1.1", b"Transfer-Encoding: chunked"))
    with pytest.raises(Unreadable, match="no size"):
        head.whole_body(read_from(size + b"\r\n{}\r\n0\r\n\r\n"))


def read_from(content: bytes) -> io.BufferedReader:
    return io.BufferedReader(io.BytesIO(content))  # type: ignore[arg-type]
