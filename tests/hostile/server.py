"""A server that answers whatever a test wants, without end if need be; it notes what is asked."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = b"a" * 65_536


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    method: str
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """One answer; its length is announced only where `headers` do that."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Iterable[bytes] = ()


@dataclass
class HostileServer:
    """Where it listens, what it was asked, and how much of its answers was taken."""

    address: str = ""
    asked: list[Asked] = field(default_factory=list)
    sent_bytes: int = 0


def endless(beginning: bytes = b"", pieces: int | None = None) -> Iterator[bytes]:
    """A body that goes on and on (or for so many pieces of 64 KiB), as a good one might begin."""
    yield beginning
    yield from itertools.repeat(PIECE) if pieces is None else itertools.repeat(PIECE, pieces)


@contextmanager
def hostile_server(
    reply: Callable[[Asked], Reply], host: str = "127.0.0.1"
) -> Iterator[HostileServer]:
    """The server, as long as the block; its address is like '127.0.0.1:40123'."""
    state = HostileServer()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            asked = Asked(self.command, self.path, dict(self.headers))
            state.asked.append(asked)
            answer = reply(asked)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "HEAD":
                return
            try:
                for piece in answer.body:
                    self.wfile.write(piece)
                    state.sent_bytes += len(piece)
            except OSError:  # the other side has had enough
                self.close_connection = True

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer((host, 0), Handler) as http:
        http.daemon_threads = True
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        state.address = f"{host}:{http.server_port}"
        try:
            yield state
        finally:
            http.shutdown()
