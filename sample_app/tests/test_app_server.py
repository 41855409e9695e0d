import http.client
import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from running_app import wait_for
from workbook_app.lifecycle import Lifecycle
from workbook_app.server import THREADS, Server, open_listener, url_of
from workbook_app.settings import BadSetting


class Gate:
    """A page that answers only when the test opens it, behind a server in a thread."""

    def __init__(self, grace_seconds: float) -> None:
        self.open = threading.Event()
        self.inside = threading.Semaphore(0)
        self.lifecycle = Lifecycle()
        app = Flask(__name__, static_folder=None)
        app.add_url_rule("/", view_func=lambda: "hello")
        app.add_url_rule("/gate", view_func=self._wait)
        listener = open_listener("127.0.0.1", 0)
        self.port: int = listener.getsockname()[1]
        self.server = Server(app, listener, self.lifecycle, grace_seconds)
        self.cut_off: int | None = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        self.cut_off = self.server.run()

    def _wait(self) -> str:
        self.inside.release()
        assert self.open.wait(30)
        return "through"

    def ask(self, path: str) -> http.client.HTTPConnection:
        """A connection with the request sent and the answer not yet read."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        return connection

    def end(self) -> None:
        self.open.set()
        self.lifecycle.stop()
        self.thread.join(30)
        assert not self.thread.is_alive()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate(grace_seconds=8)
    yield gate
    gate.end()


def test_more_requests_than_threads_are_all_finished(gate: Gate) -> None:
    waiting = [gate.ask("/gate") for _ in range(2 * THREADS)]
    for _ in range(THREADS):
        assert gate.inside.acquire(timeout=10)
    gate.lifecycle.stop()
    gate.open.set()
    answers = [connection.getresponse() for connection in waiting]
    assert [(answer.status, answer.read()) for answer in answers] == [(200, b"through")] * 16
    gate.thread.join(10)
    assert gate.cut_off == 0
    for connection in waiting:
        connection.close()


def test_while_stopping_a_kept_connection_is_told_to_end(gate: Gate) -> None:
    held = gate.ask("/gate")
    assert gate.inside.acquire(timeout=10)
    kept = gate.ask("/")
    first = kept.getresponse()
    assert (first.read(), first.headers["Connection"]) == (b"hello", None)
    gate.lifecycle.stop()
    kept.request("GET", "/")
    last = kept.getresponse()
    assert (last.read(), last.headers["Connection"]) == (b"hello", "close")
    gate.open.set()
    assert held.getresponse().read() == b"through"
    held.close()


def test_a_request_that_never_ends_is_cut_off_after_the_grace() -> None:
    gate = Gate(grace_seconds=0.3)
    held = gate.ask("/gate")
    try:
        assert gate.inside.acquire(timeout=10)
        gate.lifecycle.stop()
        wait_for(lambda: gate.cut_off is not None, seconds=5)
        assert gate.cut_off == 1
    finally:
        held.close()
        gate.end()


def test_clients_in_the_queue_at_the_stop_are_answered() -> None:
    lifecycle = Lifecycle()
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/", view_func=lambda: "hello")
    listener = open_listener("127.0.0.1", 0)
    port = listener.getsockname()[1]
    server = Server(app, listener, lifecycle)
    queue = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(5)]
    for connection in queue:
        connection.request("GET", "/")
    lifecycle.stop()
    assert server.run() == 0
    assert [connection.getresponse().read() for connection in queue] == [b"hello"] * 5
    for connection in queue:
        connection.close()


def test_a_stop_during_the_start_is_not_lost() -> None:
    lifecycle = Lifecycle()
    lifecycle.stop()
    server = Server(Flask(__name__), open_listener("127.0.0.1", 0), lifecycle)
    assert server.run() == 0


def test_the_url_is_where_it_listens_and_version_6_stands_in_brackets() -> None:
    listener = open_listener("127.0.0.1", 0)
    lifecycle = Lifecycle()
    server = Server(Flask(__name__), listener, lifecycle)
    assert server.url == f"http://127.0.0.1:{listener.getsockname()[1]}"
    assert url_of("::1", 80) == "http://[::1]:80"
    lifecycle.stop()
    server.run()


def test_a_taken_address_is_a_bad_setting() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(BadSetting, match=r"^Cannot listen on 127\.0\.0\.1 port \d+: .*in use\.$"),
    ):
        open_listener("127.0.0.1", other.getsockname()[1])
