"""A small HTTP server on a Unix socket that answers as an engine might."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

Answers = dict[str, tuple[int, object]]


@contextmanager
def fake_engine(path: Path, answers: Answers) -> Iterator[str]:
    """The address of an engine that gives these answers by the end of the request's path."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            for ending, (status, body) in answers.items():
                if self.path.split("?")[0].endswith(ending):
                    return self._answer(status, body)
            return self._answer(404, {"message": "page not found"})

        do_POST = do_GET  # noqa: N815

        def _answer(self, status: int, body: object) -> None:
            text = body if isinstance(body, str) else json.dumps(body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def address_string(self) -> str:
            return "fake"

        def log_message(self, *_: object) -> None:
            """Nothing."""

    class Server(ThreadingUnixStreamServer):
        daemon_threads = True

    with Server(str(path), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"unix://{path}"
        finally:
            server.shutdown()
            thread.join()
