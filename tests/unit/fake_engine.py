"""A small HTTP server that answers as an engine might: on a Unix socket, over TCP, behind TLS."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseServer, ThreadingUnixStreamServer
from typing import Any

Answers = dict[str, tuple[int, object]]
# What never ends: one message, then silence until the other side hangs up.
SILENT = "/silent"


@contextmanager
def fake_engine(path: Path, answers: Answers) -> Iterator[str]:
    """The address of an engine that gives these answers by the end of the request's path."""
    with _UnixServer(str(path), _handler(answers)) as server, _served(server):
        yield f"unix://{path}"


@contextmanager
def fake_tcp_engine(
    answers: Answers, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1"
) -> Iterator[int]:
    """The port of such an engine on that address, behind TLS where there is a context."""
    kind = type("Server", (_TcpServer,), {
        "tls": tls, "address_family": socket.AF_INET6 if ":" in address else socket.AF_INET
    })  # fmt: skip
    with kind((address, 0), _handler(answers)) as server, _served(server):
        yield int(server.server_address[1])


@contextmanager
def _served(server: BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


class _UnixServer(ThreadingUnixStreamServer):
    daemon_threads = True


class _TcpServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    tls: ssl.SSLContext | None = None

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.tls is None:
            return super().finish_request(request, client_address)
        with self.tls.wrap_socket(request, server_side=True) as spoken:
            super().finish_request(spoken, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: refused handshakes are what some tests want."""


def _handler(answers: Answers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            if path.endswith(SILENT):
                return self._be_silent()
            for ending, (status, body) in answers.items():
                if path.endswith(ending):
                    return self._answer(status, body)
            return self._answer(404, {"message": "page not found"})

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.do_GET()

        def _answer(self, status: int, body: object) -> None:
            text = body if isinstance(body, str) else json.dumps(body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def _be_silent(self) -> None:
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b'9\r\n{"n": 1}\n\r\n')
            self.rfile.read(1)
            self.close_connection = True

        def address_string(self) -> str:
            return "fake"

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler
