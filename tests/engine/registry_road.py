"""A road to a registry: it counts what is sent, lets a request wait, and spoils what comes back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_LENGTHS = ("content-length", "transfer-encoding")


class Road(ThreadingHTTPServer):
    """A way to the registry at `address` that counts the bytes sent on, and can spoil an answer.

    `spoil` is (part of a path, bytes, what is put in their place); a GET whose path has a part
    that is in `on_get` waits for its event, and `waiting` tells that it does.
    """

    daemon_threads = True

    def __init__(self, address: str) -> None:
        self.address = address
        self.sent_bytes = 0
        self.requests: list[str] = []
        self.spoil: tuple[str, bytes, bytes] | None = None
        self.on_get: dict[str, threading.Event] = {}
        self.waiting = threading.Event()
        super().__init__(("127.0.0.1", 0), _OneRequest)

    def noted(self, command: str, path: str) -> None:
        """Notes a request, and keeps it waiting where it is to wait."""
        self.requests.append(f"{command} {path}")
        for part, event in self.on_get.items():
            if command == "GET" and part in path:
                self.waiting.set()
                event.wait(30)

    def spoiled(self, path: str, data: bytes) -> bytes:
        """The bytes as the road gives them."""
        if self.spoil and self.spoil[0] in path:
            return data.replace(*self.spoil[1:])
        return data


@contextmanager
def road_to(address: str) -> Iterator[tuple[str, Road]]:
    """An address on loopback that leads to the registry at `address`, and what is on the way."""
    with Road(address) as road:
        threading.Thread(target=road.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield f"localhost:{road.server_port}", road
        finally:
            for event in road.on_get.values():
                event.set()
            road.shutdown()


class _OneRequest(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # What is no HTTP is answered in HTTP, as registries do: an engine with containerd's store tries
    # TLS first, and knows by that answer that there is none.
    default_request_version = "HTTP/1.0"
    server: Road

    def pass_on(self) -> None:
        self.server.noted(self.command, self.path)
        body = self._body()
        if self.command in ("PATCH", "PUT", "POST") and "/blobs/" in self.path:
            self.server.sent_bytes += len(body)
        with closing(HTTPConnection(self.server.address, timeout=60)) as connection:
            self._ask(connection, body)
            self._give(connection.getresponse())

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = pass_on  # noqa: N815

    def _ask(self, connection: HTTPConnection, body: bytes) -> None:
        connection.putrequest(self.command, self.path, skip_host=True)
        for name, text in self.headers.items():  # Accept comes several times
            if name.lower() not in _LENGTHS:
                connection.putheader(name, text)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)

    def _give(self, answer: HTTPResponse) -> None:
        data = answer.read()
        if self.command == "GET":
            data = self.server.spoiled(self.path, data)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in (*_LENGTHS, "connection"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else len(data)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(data)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        pieces: list[bytes] = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
