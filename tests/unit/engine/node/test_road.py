"""A socket whose connections are carried by a program of ours."""

from __future__ import annotations

import json
import os
import socket
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from helpers.engine.node.road import NodeRoad

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such sockets")
ECHO = ("cat",)
REFUSED = ("sh", "-c", "echo 'Error response from daemon: no \"luck\"' >&2; exit 1")
BROKEN = ("sh", "-c", "echo something else >&2; exit 1")


@contextmanager
def road_of(*words: str) -> Iterator[NodeRoad]:
    road = NodeRoad(words, dict(os.environ))
    try:
        yield road
    finally:
        road.close()


def path_of(road: NodeRoad) -> str:
    return road.host.removeprefix("unix://")


def connected(road: NodeRoad) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(10)
    client.connect(path_of(road))
    return client


def all_of(client: socket.socket) -> bytes:
    return b"".join(iter(lambda: client.recv(65_536), b""))


def test_bytes_go_through_both_ways_and_ends_do_too() -> None:
    with road_of(*ECHO) as road, connected(road) as client:
        content = os.urandom(300_000)
        sender = threading.Thread(
            target=lambda: (client.sendall(content), client.shutdown(socket.SHUT_WR))
        )
        sender.start()
        assert all_of(client) == content
        sender.join()


def test_many_connections_at_once_are_each_their_own() -> None:
    with road_of(*ECHO) as road:
        clients = [connected(road) for _ in range(5)]
        for number, client in enumerate(clients):
            client.sendall(b"%d" % number)
        for number, client in enumerate(clients):
            with client:
                assert client.recv(1) == b"%d" % number


def test_a_refusal_of_the_engine_is_the_answer() -> None:
    with road_of(*REFUSED) as road, connected(road) as client:
        client.sendall(b"GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n")
        head, _, body = all_of(client).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 409 ")
    assert json.loads(body) == {"message": 'no "luck"'}


def test_another_failure_is_the_end_of_the_connection() -> None:
    with road_of(*BROKEN) as road, connected(road) as client:
        assert all_of(client) == b""


def test_its_folder_is_of_nobody_else_and_gone_in_the_end() -> None:
    with road_of(*ECHO) as road:
        folder = Path(path_of(road)).parent
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def test_the_end_of_the_road_is_the_end_of_its_connections() -> None:
    with road_of(*ECHO) as road:
        client = connected(road)
        client.sendall(b"x")
        assert client.recv(1) == b"x"
    with client:
        assert all_of(client) == b""
