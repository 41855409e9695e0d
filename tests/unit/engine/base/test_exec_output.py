"""What `docker exec` prints, also where it comes in one piece with the answer's head."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from docker import DockerClient
from docker.errors import APIError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.engine.base.exec_output import exec_output, exec_pieces

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"
REFUSED = (
    b"HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\nContent-Length: 30\r\n\r\n"
    b'{"message": "it is paused"}   '
)


def frame(text: bytes, stream: int = 1) -> bytes:
    return struct.pack(">BxxxL", stream, len(text)) + text


@contextmanager
def engine_that_says(path: Path, answer: bytes) -> Iterator[DockerClient]:
    """An engine that gives that answer to one request in a single write, and hangs up."""
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                request = b""
                while not request.endswith(b"}"):
                    request += connection.recv(65_536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        client = DockerClient(base_url=f"unix://{path}", version="1.41")
        try:
            yield client
        finally:
            client.close()
            thread.join(10)


def test_nothing_is_lost_that_comes_with_the_head(tmp_path: Path) -> None:
    answer = HEAD + frame(b"one\n") + frame(b"no such file\n", 2) + frame(b"two\n")
    with engine_that_says(tmp_path / "s", answer) as client:
        assert exec_output(client, "1") == b"one\nno such file\ntwo\n"


def test_a_refusal_is_the_sdks_own_error(tmp_path: Path) -> None:
    with (
        engine_that_says(tmp_path / "s", REFUSED) as client,
        pytest.raises(APIError, match="it is paused"),
    ):
        exec_output(client, "1")


def test_large_frames_come_in_pieces(tmp_path: Path) -> None:
    with engine_that_says(tmp_path / "s", HEAD + frame(b"x" * 200_000)) as client:
        sizes = [len(piece) for piece in exec_pieces(client, "1")]
    assert sum(sizes) == 200_000
    assert max(sizes) <= 65_536


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    st.lists(st.tuples(st.binary(max_size=50), st.sampled_from([1, 2])), max_size=5),
    st.integers(0, 60),
)
def test_what_is_cut_off_gives_what_had_come(
    tmp_path: Path, texts: list[tuple[bytes, int]], cut: int
) -> None:
    whole = b"".join(frame(text, stream) for text, stream in texts)
    plain = b"".join(text for text, _ in texts)
    with engine_that_says(tmp_path / "s", HEAD + whole) as client:
        assert exec_output(client, "1") == plain
    with engine_that_says(tmp_path / "s", HEAD + whole[:cut]) as client:
        assert plain.startswith(exec_output(client, "1"))
