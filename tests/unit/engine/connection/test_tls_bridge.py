"""A plain socket in front of a TLS connection loses nothing and ends when either side does."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.engine.connection.tls_bridge import bridged

FILES = Path(__file__).resolve().parents[3] / "recorded" / "tls"
MUCH = bytes(range(256)) * 20_000
Pair = tuple[socket.socket, ssl.SSLSocket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Our end of a bridge, and the TLS connection at its other end."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(FILES / "server.pem", FILES / "server.key.pem")
    client = ssl.create_default_context(cafile=str(FILES / "ca.pem"))
    one, other = socket.socketpair()
    spoken: list[ssl.SSLSocket] = []
    thread = threading.Thread(
        target=lambda: spoken.append(client.wrap_socket(one, server_hostname="localhost"))
    )
    thread.start()
    far = server.wrap_socket(other, server_side=True)
    thread.join()
    far.settimeout(10)
    with bridged(spoken[0]) as ours, far:
        ours.settimeout(10)
        yield ours, far


def all_of(connection: socket.socket) -> bytes:
    received = b""
    while piece := connection.recv(65536):
        received += piece
    return received


def test_the_last_words_come_with_the_end(pair: Pair) -> None:
    ours, far = pair
    far.sendall(b"last words")
    far.close()
    assert all_of(ours) == b"last words"


@pytest.mark.parametrize("from_us", [True, False])
def test_much_arrives_before_the_end(pair: Pair, from_us: bool) -> None:
    source, target = pair if from_us else pair[::-1]

    def send() -> None:
        source.sendall(MUCH)
        source.close()

    thread = threading.Thread(target=send)
    thread.start()
    assert all_of(target) == MUCH
    thread.join(10)


def test_both_ways_at_once(pair: Pair) -> None:
    ours, far = pair
    sent = threading.Thread(target=ours.sendall, args=(MUCH,))
    sent.start()

    def echo() -> None:
        for _ in range(len(MUCH) // 256):
            piece = b""
            while len(piece) < 256:
                piece += far.recv(256 - len(piece))
            far.sendall(piece)
        far.close()

    echoed = threading.Thread(target=echo)
    echoed.start()
    assert all_of(ours) == MUCH
    for thread in (sent, echoed):
        thread.join(10)


def test_hanging_up_ends_the_thread(pair: Pair) -> None:
    ours, far = pair
    ours.shutdown(socket.SHUT_RDWR)
    assert all_of(far) == b""


def test_who_has_said_all_may_still_be_answered(pair: Pair) -> None:
    """The docker command says so at once where it sends no standard input."""
    ours, far = pair
    far.sendall(b"question")
    far.settimeout(0.2)
    with pytest.raises(TimeoutError):  # it sends its end, and would wait for ours
        far.unwrap()
    assert all_of(ours) == b"question"
    ours.sendall(b"answer")
    ours.close()
    far.settimeout(10)
    assert far.recv(100) == b"answer"
